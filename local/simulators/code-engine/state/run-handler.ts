import type { Clock } from '../../../../lib/platform/clock.ts';
import { platformEnvironment, type Project } from './projects.ts';
import { lifeOf, type Run } from './run.ts';
import type { Runs } from './runs.ts';

/** One instance of a run that begins to run. */
export interface RunInstance {
  /** Undefined for a run without a job. */
  readonly job: string | undefined;
  readonly run: string;
  /** The project's id. */
  readonly project: string;
  readonly region: string;
  readonly index: number;
  /** The literal variables, and those that Code Engine adds; what refers to a secret or config map is left out. */
  readonly env: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
  readonly arguments: readonly string[];
  /** Aborted when the run is deleted or ended by hand, its project goes, or the simulator closes. */
  readonly signal: AbortSignal;
}

/** Does the work of an instance: it succeeds when the promise resolves and fails when it rejects. */
export type RunHandler = (instance: RunInstance) => Promise<void>;

/** Lets a handler do the work of runs. */
export interface HandledRuns {
  readonly start: (project: Project, run: Run) => void;
  /** Tells the handler that the run is no longer wanted. */
  readonly stop: (projectId: string, run: string) => void;
}

export interface HandledRunsDeps {
  readonly runs: Runs;
  readonly clock: Clock;
  readonly handler: RunHandler;
  readonly closing: AbortSignal;
}

export function createHandledRuns({ runs, clock, handler, closing }: HandledRunsDeps): HandledRuns {
  const stopping = new Map<string, AbortController>();
  const keyOf = (projectId: string, run: string): string => `${projectId}/${run}`;

  const work = async (project: Project, run: Run, index: number, signal: AbortSignal): Promise<void> => {
    const instance = instanceOf(project, run, index, signal);
    const outcome = await Promise.resolve(instance)
      .then(handler)
      .then(
        () => 'succeeded' as const,
        () => 'failed' as const,
      );
    const current = runs.find(project.id, run.name);
    const isOpen = (now: Run): boolean =>
      lifeOf(now, clock.nowMs()).instances.some(
        (one) => one.index === index && one.finishedAtMs === undefined,
      );
    if (current !== undefined && !signal.aborted && isOpen(current))
      runs.end(project.id, run.name, { outcome }, index);
  };
  const workAll = async (project: Project, run: Run): Promise<void> => {
    const stop = new AbortController();
    const key = keyOf(project.id, run.name);
    stopping.set(key, stop);
    const signal = AbortSignal.any([stop.signal, closing]);
    if (run.plan.pendingMs > 0) await clock.sleep(run.plan.pendingMs, signal);
    if (!signal.aborted) await Promise.all(run.indices.map((index) => work(project, run, index, signal)));
    if (stopping.get(key) === stop) stopping.delete(key);
  };
  return {
    start: (project, run) => void workAll(project, run),
    stop: (projectId, run) => stopping.get(keyOf(projectId, run))?.abort(),
  };
}

function instanceOf(project: Project, run: Run, index: number, signal: AbortSignal): RunInstance {
  const { template, indices } = run;
  const literals = template.run_env_variables.flatMap(({ type, name, value }) =>
    type === 'literal' && name !== undefined ? [[name, value ?? '']] : [],
  );
  return {
    ...{ job: run.jobName, run: run.name, project: project.id, region: project.region, index, signal },
    env: {
      ...Object.fromEntries(literals),
      ...platformEnvironment(project),
      ...(run.jobName === undefined ? {} : { CE_JOB: run.jobName }),
      CE_JOBRUN: run.name,
      JOB_INDEX: String(index),
      JOB_ARRAY_SIZE: String(template.scale_array_size_variable_override ?? indices.length),
    },
    commands: template.run_commands,
    arguments: template.run_arguments,
  };
}
