import { SimulatorError } from '../../shared/simulator-error.ts';
import { isActive, lifeOf, type InstanceEnd, type Run } from './run.ts';

/** A run that is to be created. */
export type NewRun = Pick<Run, 'name' | 'jobName' | 'template' | 'indices' | 'plan'>;

/** The runs of all projects. Those that are over for a week are gone, and those that were deleted. */
export interface Runs {
  /** Of a project, in the order of creation. */
  readonly of: (projectId: string) => readonly Run[];
  readonly find: (projectId: string, name: string) => Run | undefined;
  readonly create: (projectId: string, run: NewRun) => Run;
  /** The run is gone `afterMs` from now. Nothing happens when there is none. */
  readonly delete: (projectId: string, name: string, afterMs: number) => void;
  /** Takes away all runs of a project. */
  readonly forget: (projectId: string) => void;
  /**
   * Ends a run now, or one instance of it.
   * @throws {SimulatorError} when there is no such run or instance (404), or it is over (409).
   */
  readonly end: (projectId: string, name: string, how: Omit<InstanceEnd, 'atMs'>, index?: number) => Run;
}

/** How long Code Engine keeps a run that is over. */
export const RETENTION_MS = 7 * 24 * 3_600_000;

export function createRuns(nowMs: () => number, uuid: () => string): Runs {
  const byProject = new Map<string, Map<string, Run>>();
  let sequence = 0;
  const kept = (projectId: string): Map<string, Run> => {
    const runs = byProject.get(projectId) ?? new Map<string, Run>();
    byProject.set(projectId, runs);
    for (const run of runs.values()) if (isGone(run, nowMs())) runs.delete(run.name);
    return runs;
  };
  return {
    of: (projectId) => [...kept(projectId).values()],
    find: (projectId, name) => kept(projectId).get(name),
    create: (projectId, run) => {
      sequence += 1;
      const created: Run = {
        ...run,
        ...{ id: uuid(), createdAtMs: nowMs(), sequence, ends: new Map(), deletedAtMs: undefined },
      };
      kept(projectId).set(run.name, created);
      return created;
    },
    delete: (projectId, name, afterMs) => {
      const runs = kept(projectId);
      const run = runs.get(name);
      if (run !== undefined && run.deletedAtMs === undefined)
        runs.set(name, { ...run, deletedAtMs: nowMs() + afterMs });
    },
    forget: (projectId) => void byProject.delete(projectId),
    end: (projectId, name, how, index) => {
      const runs = kept(projectId);
      const run = runs.get(name);
      if (run === undefined) throw new SimulatorError(404, `there is no run ${JSON.stringify(name)}`);
      if (index !== undefined && !run.indices.includes(index))
        throw new SimulatorError(404, `${name} has no instance ${index}`);
      const { instances } = lifeOf(run, nowMs());
      const open = instances.flatMap((one) => (one.finishedAtMs === undefined ? [one.index] : []));
      const chosen = index === undefined ? open : open.filter((candidate) => candidate === index);
      if (chosen.length === 0) throw new SimulatorError(409, `${name} is over already`);
      const atMs = nowMs();
      const ends = new Map([...run.ends, ...chosen.map((one) => [one, { ...how, atMs }] as const)]);
      const ended = { ...run, ends };
      runs.set(name, ended);
      return ended;
    },
  };
}

function isGone(run: Run, nowMs: number): boolean {
  if (run.deletedAtMs !== undefined) return nowMs >= run.deletedAtMs;
  if (nowMs < run.createdAtMs + RETENTION_MS || isActive(run, nowMs)) return false;
  return nowMs >= (lifeOf(run, nowMs).completedAtMs ?? nowMs) + RETENTION_MS;
}
