import { SimulatorError } from '../../shared/simulator-error.ts';
import {
  DEFAULT_TEMPLATE,
  type Job,
  type JobDefinition,
  type ProjectDefinition,
  type ProjectStatus,
  type RunPlan,
} from '../model.ts';

/** A project as it is now. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly status: ProjectStatus;
  readonly createdAtMs: number;
  /** By name. */
  readonly jobs: ReadonlyMap<string, Job>;
}

/** The projects of all regions, with their jobs. What names one throws {SimulatorError} (404) when it is not there. */
export interface Projects {
  /** Adds a project, or replaces the one of that id. */
  readonly add: (definition: ProjectDefinition) => Project;
  readonly remove: (id: string) => void;
  readonly setStatus: (id: string, status: ProjectStatus) => void;
  readonly find: (id: string) => Project | undefined;
  readonly project: (id: string) => Project;
  readonly all: () => readonly Project[];
  /** Adds a job, or replaces the one of that name; runs that there are go on as they were. */
  readonly addJob: (id: string, name: string, definition: JobDefinition) => Job;
  readonly removeJob: (id: string, name: string) => void;
}

export interface ProjectsDeps {
  readonly nowMs: () => number;
  readonly uuid: () => string;
  /** For jobs that say nothing themselves. */
  readonly plan: Required<RunPlan>;
}

const REGION = /^[a-z0-9][a-z0-9-]{0,62}$/;
const JOB_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export function createProjects({ nowMs, uuid, plan }: ProjectsDeps): Projects {
  const projects = new Map<string, Project>();
  const project = (id: string): Project => {
    const found = projects.get(id);
    if (found === undefined) throw new SimulatorError(404, `there is no project ${JSON.stringify(id)}`);
    return found;
  };
  const replace = (changed: Project): Project => {
    projects.set(changed.id, changed);
    return changed;
  };
  const newJob = (name: string, definition: JobDefinition): Job => {
    const problem = jobNameProblem(name);
    if (problem !== undefined) throw new SimulatorError(400, problem);
    const { pendingMs = plan.pendingMs, runMs = plan.runMs, fails = plan.fails, ...template } = definition;
    return {
      id: uuid(),
      name,
      createdAtMs: nowMs(),
      template: { ...DEFAULT_TEMPLATE, ...template },
      plan: { pendingMs, runMs, fails },
    };
  };
  return {
    add: ({ id, name, region, status = 'active', jobs = {} }) => {
      if (!REGION.test(region))
        throw new SimulatorError(400, `${JSON.stringify(region)} is not a region such as eu-de`);
      if (id === '' || id.includes('/')) throw new SimulatorError(400, `${JSON.stringify(id)} is not an id`);
      const made = Object.entries(jobs).map(([job, definition]) => newJob(job, definition));
      const byName = new Map(made.map((job) => [job.name, job]));
      return replace({ id, name, region, status, createdAtMs: nowMs(), jobs: byName });
    },
    remove: (id) => void projects.delete(project(id).id),
    setStatus: (id, status) => void replace({ ...project(id), status }),
    find: (id) => projects.get(id),
    project,
    all: () => [...projects.values()],
    addJob: (id, name, definition) => {
      const before = project(id);
      const job = newJob(name, definition);
      replace({ ...before, jobs: new Map([...before.jobs, [name, job]]) });
      return job;
    },
    removeJob: (id, name) => {
      const before = project(id);
      if (!before.jobs.has(name)) throw new SimulatorError(404, `${before.name} has no job ${name}`);
      replace({ ...before, jobs: new Map([...before.jobs].filter(([job]) => job !== name)) });
    },
  };
}

/** What is wrong with a job's name, in words. */
export function jobNameProblem(name: string): string | undefined {
  return JOB_NAME.test(name)
    ? undefined
    : `${JSON.stringify(name)} is not a job name: up to 63 lower-case letters, digits and - inside`;
}

/** The environment that Code Engine itself gives to what runs in a project. */
export function platformEnvironment({ id, region }: Project): Readonly<Record<string, string>> {
  return { CE_PROJECT_ID: id, CE_REGION: region };
}
