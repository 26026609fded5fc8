import type { RunPlan, RunTemplate } from '../model.ts';

/** How one instance of a run ended. */
export interface InstanceEnd {
  readonly outcome: 'succeeded' | 'failed';
  readonly atMs: number;
  /** Why it failed, such as `OOMKilled`; `Error` when not given. */
  readonly reason?: string;
}

/** A job run as it was created, and what was done to it since. What it is now follows from the time: `lifeOf`. */
export interface Run {
  readonly id: string;
  readonly name: string;
  /** Undefined for a run without a job. */
  readonly jobName: string | undefined;
  readonly createdAtMs: number;
  /** Counts up in a simulator; the order of creation. */
  readonly sequence: number;
  readonly template: RunTemplate;
  /** Ascending, at least one. */
  readonly indices: readonly number[];
  readonly plan: Required<RunPlan>;
  /** By index: ends that came otherwise than by the plan. */
  readonly ends: ReadonlyMap<number, InstanceEnd>;
  readonly deletedAtMs: number | undefined;
}

/** One instance as it is at some moment. */
export interface InstanceLife {
  readonly index: number;
  readonly status: 'pending' | 'running' | 'succeeded' | 'failed';
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
  readonly failureReason: string | undefined;
}

/** A run as it is at some moment. */
export interface RunLife {
  readonly status: 'pending' | 'running' | 'completed' | 'failed';
  readonly startedAtMs: number | undefined;
  /** When the last instance ended; undefined while one goes on. */
  readonly completedAtMs: number | undefined;
  readonly instances: readonly InstanceLife[];
}

/** What a run is at `nowMs`. Pure. */
export function lifeOf(run: Run, nowMs: number): RunLife {
  const instances = run.indices.map((index) => instanceLife(run, index, nowMs));
  const isOver = instances.every(({ finishedAtMs }) => finishedAtMs !== undefined);
  const hasStarted = instances.some(({ status }) => status !== 'pending');
  const hasFailed = instances.some(({ status }) => status === 'failed');
  return {
    status: isOver ? (hasFailed ? 'failed' : 'completed') : hasStarted ? 'running' : 'pending',
    startedAtMs: leastOf(instances.map(({ startedAtMs }) => startedAtMs)),
    completedAtMs: isOver ? Math.max(...instances.map(({ finishedAtMs = 0 }) => finishedAtMs)) : undefined,
    instances,
  };
}

/** Whether a run is neither completed nor failed at `nowMs`. */
export function isActive(run: Run, nowMs: number): boolean {
  return lifeOf(run, nowMs).completedAtMs === undefined;
}

function instanceLife(run: Run, index: number, nowMs: number): InstanceLife {
  const plannedStartMs = run.createdAtMs + run.plan.pendingMs;
  const end = run.ends.get(index) ?? plannedEnd(run, plannedStartMs);
  if (nowMs >= end.atMs)
    return {
      index,
      status: end.outcome,
      startedAtMs: Math.min(plannedStartMs, end.atMs),
      finishedAtMs: end.atMs,
      failureReason: end.outcome === 'failed' ? (end.reason ?? 'Error') : undefined,
    };
  const hasStarted = nowMs >= plannedStartMs;
  return {
    index,
    status: hasStarted ? 'running' : 'pending',
    startedAtMs: hasStarted ? plannedStartMs : undefined,
    finishedAtMs: undefined,
    failureReason: undefined,
  };
}

function plannedEnd({ plan, template }: Run, startMs: number): InstanceEnd {
  const limitMs =
    template.run_mode === 'daemon' ? Number.POSITIVE_INFINITY : template.scale_max_execution_time * 1000;
  if (plan.runMs > limitMs) return { outcome: 'failed', atMs: startMs + limitMs, reason: 'DeadlineExceeded' };
  return { outcome: plan.fails ? 'failed' : 'succeeded', atMs: startMs + plan.runMs };
}

function leastOf(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
