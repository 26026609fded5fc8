import type { RunPlan, RunTemplate } from '../model.ts';
import { jobNameProblem, type Project, type Projects } from '../state/projects.ts';
import type { Run } from '../state/run.ts';
import type { Runs } from '../state/runs.ts';
import type { Switches } from '../switches.ts';
import { ApiError, emptyAnswer, jsonAnswer, notFound, type ApiAnswer } from './api-answer.ts';
import { readRunRequest } from './create-job-run.ts';
import { pageOf, type Listed } from './page.ts';
import type { ApiTarget } from './route.ts';
import { problemsOf, TEMPLATE_FIELDS, type FieldCheck } from './template-fields.ts';
import { viewJob, viewProject, viewRun } from './views.ts';

/** What the operations work on. */
export interface OperationDeps {
  readonly projects: Projects;
  readonly runs: Runs;
  readonly switches: () => Switches;
  readonly plan: Required<RunPlan>;
  /** Runs that a project holds, those that are over included. */
  readonly runsMax: number;
  readonly nowMs: () => number;
  readonly fraction: () => number;
  /** Told of every run that was created. */
  readonly onCreated: (project: Project, run: Run) => void;
  /** Told of every run that is no longer wanted. */
  readonly onDeleted: (project: Project, run: Run) => void;
}

/** One request that may be met. */
export interface ApiExchange extends ApiTarget {
  /** Scheme, host and port of the simulator. */
  readonly baseUrl: string;
  readonly body: string;
}

const DELETION_MS = 5_000;

const newJobName: FieldCheck = (value) =>
  typeof value === 'string' ? jobNameProblem(value) : 'a text is needed';

/**
 * Does what is asked.
 * @throws {ApiError} when that cannot be; nothing was done then.
 */
export function runOperation(deps: OperationDeps, exchange: ApiExchange): ApiAnswer {
  const { operation, region, name } = exchange;
  const apiUrl = `${exchange.baseUrl}/${encodeURIComponent(region)}/v2`;
  if (operation === 'listProjects') {
    const inRegion = deps.projects.all().filter((candidate) => candidate.region === region);
    const listed = inRegion.map((one) => ({ key: one.id, value: viewProject(one, apiUrl) }));
    return list(deps, exchange, 'projects', listed, false);
  }
  const project = deps.projects.find(exchange.project);
  if (project === undefined || project.region !== region) throw notFound();
  switch (operation) {
    case 'getProject':
      return jsonAnswer(200, viewProject(project, apiUrl));
    case 'listJobs': {
      const jobs = [...project.jobs.values()];
      const listed = jobs.map((job) => ({ key: job.name, value: viewJob(project, job, apiUrl) }));
      return list(deps, exchange, 'jobs', listed, false);
    }
    case 'getJob': {
      const job = project.jobs.get(name);
      if (job === undefined) throw notFound();
      return jsonAnswer(200, viewJob(project, job, apiUrl));
    }
    case 'createJob':
      return createJob(deps, exchange, project, apiUrl);
    case 'listJobRuns':
      return listRuns(deps, exchange, project, apiUrl);
    case 'createJobRun':
      return createRun(deps, exchange, project, apiUrl);
    case 'getJobRun':
      return jsonAnswer(200, viewRun(project, runOf(deps, project, name), apiUrl, deps.nowMs()));
    case 'deleteJobRun': {
      const run = runOf(deps, project, name);
      deps.runs.delete(project.id, name, deps.switches().deleting === 'later' ? DELETION_MS : 0);
      deps.onDeleted(project, run);
      return emptyAnswer(202);
    }
  }
}

function runOf({ runs }: OperationDeps, project: Project, name: string): Run {
  const run = runs.find(project.id, name);
  if (run === undefined) throw notFound();
  return run;
}

function listRuns(deps: OperationDeps, exchange: ApiExchange, project: Project, apiUrl: string): ApiAnswer {
  const { listOrder } = deps.switches();
  const job = exchange.query.get('job_name');
  const listed = deps.runs
    .of(project.id)
    .filter(({ jobName }) => job === null || jobName === job)
    .map((run) => ({
      key: listOrder === 'byName' ? run.name : String(run.sequence).padStart(12, '0'),
      value: viewRun(project, run, apiUrl, deps.nowMs()),
    }));
  return list(deps, exchange, 'job_runs', listed, listOrder === 'newestFirst');
}

function list(
  { switches }: OperationDeps,
  { baseUrl, path, query }: ApiExchange,
  name: string,
  listed: readonly Listed[],
  isDescending: boolean,
): ApiAnswer {
  const { limitOverMax } = switches();
  return jsonAnswer(
    200,
    pageOf(listed, { name, url: `${baseUrl}${path}`, query, isDescending, limitOverMax }),
  );
}

function createJob(deps: OperationDeps, { body }: ApiExchange, project: Project, apiUrl: string): ApiAnswer {
  const { clashCode, clashStatus, invalidStatus } = deps.switches();
  const described = objectOf(body);
  const { name, ...template } = described as Partial<RunTemplate> & { readonly name?: unknown };
  const problems = [
    ...problemsOf(described, { ...TEMPLATE_FIELDS, name: newJobName }),
    ...(typeof name === 'string' ? [] : ['name: needed']),
    ...(template.image_reference === undefined ? ['image_reference: needed'] : []),
  ];
  if (typeof name !== 'string' || problems.length > 0)
    throw new ApiError(Number(invalidStatus), 'invalid_request', problems.join('; '));
  checkActive(project);
  if (project.jobs.has(name)) throw new ApiError(Number(clashStatus), clashCode, `'${name}' exists already.`);
  return jsonAnswer(201, viewJob(project, deps.projects.addJob(project.id, name, template), apiUrl));
}

function createRun(deps: OperationDeps, { body }: ApiExchange, project: Project, apiUrl: string): ApiAnswer {
  const switches = deps.switches();
  const described = readRunRequest({ ...deps, project, switches }, objectOf(body));
  checkActive(project);
  if (deps.runs.find(project.id, described.name) !== undefined)
    throw new ApiError(
      Number(switches.clashStatus),
      switches.clashCode,
      `The job run '${described.name}' exists already.`,
    );
  if (deps.runs.of(project.id).length >= deps.runsMax)
    throw new ApiError(
      Number(switches.quotaStatus),
      switches.quotaCode,
      `The project holds ${deps.runsMax} job runs, which is its quota.`,
    );
  const run = deps.runs.create(project.id, described);
  deps.onCreated(project, run);
  return jsonAnswer(202, viewRun(project, run, apiUrl, deps.nowMs()));
}

function checkActive({ status }: Project): void {
  if (status !== 'active') throw new ApiError(409, 'conflict', `The project is ${status}, not active.`);
}

function objectOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new ApiError(400, 'invalid_request', 'The body is not a JSON object.');
}
