import type { DrainResult, Events } from '../events/events.ts';
import type { LifecycleEvent } from '../events/lifecycle-event.ts';
import { createErrorKernel, type ErrorKernel } from '../errors/error-kernel.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import { parseToldCauses } from '../errors/told-causes.ts';
import type { Logger } from '../platform/logging.ts';
import type { Stopping } from '../platform/stopping.ts';
import type { CycleName, RangeName, RunName, ShardId } from '../store/keys.ts';
import type { Fence, Lease } from '../store/lease.ts';
import { addedCounts, type StoredReport } from '../store/reports.ts';
import type { Store } from '../store/store.ts';
import { cycleCompleted, cycleFailed } from './cycle-events.ts';
import type { CycleReport } from './report.ts';

/** A call of a cycle: by cron or by hand. */
export interface CycleCall {
  /** Names the event that called; the same again is answered without running. */
  readonly eventId: string | undefined;
  readonly stopping: Stopping;
}

/** What runs: a whole cycle, or one range of a notify cycle that is split. */
export type Running =
  | { readonly cycle: CycleName }
  | {
      readonly cycle: 'notify';
      readonly range: RangeName;
      readonly shards: readonly ShardId[];
      /** The id of the cycle that it is a part of, and its own. */
      readonly id: string;
      /** The fence of that cycle: what it stores is stored under it. */
      readonly fence: Fence;
    };

/** What a cycle's own work is given. */
export interface CycleRun {
  readonly id: string;
  readonly lease: Lease;
  readonly startedMs: number;
  readonly stopping: Stopping;
  /** What earlier runs left behind; nothing where that cannot be read. */
  readonly before: Pick<StoredReport, 'memory' | 'counters' | 'fence'>;
  /** Decides what follows from an error, and notes it for the report. */
  readonly errors: ErrorKernel;
}

/** What a cycle's own work gives back. */
export interface CycleResult<R extends CycleReport> {
  /** What it found and did, without what every report has. */
  readonly body: Omit<R, keyof CycleReport>;
  /** The same with everything that is worth storing. */
  readonly storedBody?: Omit<R, keyof CycleReport>;
  readonly problems: readonly string[];
  readonly counted: Readonly<Record<string, number>>;
  readonly memory: Readonly<Record<string, unknown>>;
  /** A part of it that was handed on may still be running: the next run fences it off. */
  readonly mayStillRun?: boolean;
}

export interface CycleDeps {
  readonly store: Store;
  /** Whom lifecycle events are told. */
  readonly events: Events;
  readonly log: Logger;
  /** Longest time that one run can take; the lease lasts a little longer. */
  readonly runMsMax: number;
}

const LEASE_MARGIN_MS = 10_000;
/** At the end of a run, kept for storing the report once events were delivered. */
const REPORT_MS = 10_000;
/** A drain holds the lease: endpoints that are slow must not keep the next cycle from coming. */
const DRAIN_MS_MAX = 20_000;
/** The cycles that deliver events: restoring is rare, and over in a moment. */
const DELIVERING: ReadonlySet<CycleName> = new Set(['notify', 'persist']);

/**
 * Runs a cycle under its lease: takes it or answers `skipped`, fences off a holder that vanished, does the work, stores
 * the report, gives the lease back. A run that loses its lease on the way gives up and answers `failed`.
 * @throws {ObjectStoreError} it could not start; nothing was done, and the same event may come again.
 */
export async function runCycle<R extends CycleReport>(
  deps: CycleDeps,
  running: Running,
  call: CycleCall,
  work: (run: CycleRun) => Promise<CycleResult<R>>,
): Promise<R | CycleReport> {
  const { store, log } = deps;
  const { cycle } = running;
  const range = 'range' in running ? running : undefined;
  const name = range?.range ?? cycle;
  const { clock, random } = store.context;
  const startedMs = clock.nowMs();
  await store.merge.ready();
  const answer = await store.leases.take(name, deps.runMsMax + LEASE_MARGIN_MS, call.eventId);
  const base = { cycle, id: range?.id ?? random.uuid(), started: new Date(startedMs).toISOString() };
  if (answer.kind !== 'taken') {
    const reason =
      answer.kind === 'repeated'
        ? REPEATED
        : `another run holds the lease until ${new Date(answer.untilMs).toISOString()}`;
    log.info('cycle skipped', { cycle: name, reason });
    return { ...base, outcome: 'skipped', duration_ms: clock.nowMs() - startedMs, reason };
  }
  const lease = range === undefined ? answer.lease : underFence(answer.lease, range.fence);
  let fencedOff = !lease.takenOver;
  let started = false;
  let mayStillRun = false;
  let errors = kernelOf(deps, undefined);
  try {
    if (!fencedOff) await store.state.fenceOff(lease, range?.shards);
    fencedOff = true;
    const begun = await begin(deps, name);
    const { before } = begun;
    ({ errors } = begun);
    // A run that reported has said itself how it ended.
    if (range === undefined && lease.takenOver && before.fence !== lease.fenceBefore)
      await tellTakeover(deps, errors, cycleFailed(cycle, lease.fence, startedMs));
    const result = await work({ id: base.id, lease, startedMs, stopping: call.stopping, before, errors });
    started = true;
    mayStillRun = result.mayStillRun === true;
    const drainProblems: string[] = [];
    const finishedAt = (nowMs: number): CycleReport => {
      const problems = [...result.problems, ...errors.problems(), ...drainProblems];
      return {
        ...base,
        outcome: problems.length === 0 ? 'completed' : 'partial',
        duration_ms: nowMs - startedMs,
        ...(problems.length === 0 ? {} : { problems }),
      };
    };
    const drained =
      range === undefined
        ? await tellEvents(deps, call, lease, { report: finishedAt(clock.nowMs()), errors, startedMs })
        : await tellErrors(deps, errors);
    drainProblems.push(...drained.problems);
    const whole = { ...result, counted: addedCounts(result.counted, drained.counted, errors.counted()) };
    // Once: what is stored and what is answered tell the same duration.
    const endedMs = clock.nowMs();
    await storeReport(store, name, lease, errors, whole, finishedAt(endedMs));
    const report = finishedAt(endedMs);
    log.info('cycle finished', {
      cycle: name,
      outcome: report.outcome,
      durationMs: report.duration_ms,
      ...summaryOf(result.counted),
      ...(report.problems === undefined ? {} : { problems: report.problems }),
    });
    return { ...report, ...result.body };
  } catch (error) {
    if (errors.handle('cycle-run', error, { cycle: name }) === 'refuse') throw error;
    const problems = [...errors.problems()];
    return { ...base, outcome: 'failed', duration_ms: clock.nowMs() - startedMs, problems };
  } finally {
    await lease.release({ forgetEvent: !started, fencedOff: fencedOff && !mayStillRun });
  }
}

/** The lease of a range, which stores under the fence of its cycle. */
function underFence(lease: Lease, fence: Fence): Lease {
  return { ...lease, cycle: 'notify', fence };
}

/** What decides on errors, where earlier runs told the causes in `told`. */
function kernelOf({ store, log }: CycleDeps, told: unknown): ErrorKernel {
  const { clock } = store.context;
  return createErrorKernel({ table: ERROR_TABLE, clock, log, told: parseToldCauses(told) });
}

/** Reads what earlier runs left behind, and makes what decides on errors. */
async function begin(deps: CycleDeps, name: RunName): Promise<Pick<CycleRun, 'before' | 'errors'>> {
  const { store } = deps;
  try {
    const { memory, counters, fence } = await store.reports.read(name);
    return { before: { memory, counters, fence }, errors: kernelOf(deps, memory['errors']) };
  } catch (error) {
    const errors = kernelOf(deps, undefined);
    if (errors.handle('memory-read', error, { cycle: name }) !== 'go-on') throw error;
    return { before: { memory: {}, counters: {}, fence: 0 }, errors };
  }
}

/** What cannot be told of the run before hinders this one in nothing. */
async function tellTakeover(
  { events }: CycleDeps,
  errors: ErrorKernel,
  event: LifecycleEvent,
): Promise<void> {
  try {
    await events.announce([event]);
  } catch (error) {
    errors.handle('event-write', error);
  }
}

/** Announces that the run has ended and what went wrong, and delivers what waits. What hinders that is a problem of the run. */
async function tellEvents(
  { events, runMsMax, store }: CycleDeps,
  { stopping }: CycleCall,
  lease: Lease,
  run: { readonly report: CycleReport; readonly errors: ErrorKernel; readonly startedMs: number },
): Promise<DrainResult> {
  const { report, errors, startedMs } = run;
  try {
    const completed = cycleCompleted(report, lease.fence, store.context.clock.nowMs());
    await events.announce([...errors.takeEvents(), completed]);
  } catch (error) {
    errors.handle('event-write', error);
  }
  if (!DELIVERING.has(report.cycle)) return NOTHING_DRAINED;
  try {
    const endMs = Math.min(startedMs + runMsMax - REPORT_MS, store.context.clock.nowMs() + DRAIN_MS_MAX);
    const limits = { deadlineMs: endMs, signal: stopping.abandon };
    return await events.drain(lease, limits);
  } catch (error) {
    errors.handle('event-delivery', error);
    return NOTHING_DRAINED;
  }
}

/** A range tells of what went wrong in it; the rest its cycle tells. */
async function tellErrors({ events }: CycleDeps, errors: ErrorKernel): Promise<DrainResult> {
  try {
    await events.announce(errors.takeEvents());
  } catch (error) {
    errors.handle('event-write', error);
  }
  return NOTHING_DRAINED;
}

const NOTHING_DRAINED: DrainResult = { counted: {}, problems: [] };

const REPEATED = 'this event was served before';

/** Stores the report; what hinders it becomes one more problem of the run. */
async function storeReport<R extends CycleReport>(
  store: Store,
  name: RunName,
  lease: Lease,
  errors: ErrorKernel,
  result: CycleResult<R>,
  report: CycleReport,
): Promise<void> {
  const told = errors.told();
  const memory = told.marks.length === 0 ? result.memory : { ...result.memory, errors: told };
  try {
    await store.reports.write(name, lease, {
      report: { ...report, ...(result.storedBody ?? result.body) },
      counted: result.counted,
      memory,
    });
  } catch (error) {
    errors.handle('report-write', error);
  }
}

/** Of what was counted the sums; what is counted by host would make a line of a log too long. */
function summaryOf(counted: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counted).filter(([name]) => !name.includes('/')));
}
