import { ObjectStoreError } from '../object-store/object-store.ts';
import { describeError, type Logger } from '../platform/logging.ts';
import type { Stopping } from '../platform/stopping.ts';
import type { CycleName } from '../store/keys.ts';
import { LeaseLostError, type Lease } from '../store/lease.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import type { Store } from '../store/store.ts';
import type { CycleReport } from './report.ts';

/** A call of a cycle: by cron or by hand. */
export interface CycleCall {
  /** Names the event that called; the same again is answered without running. */
  readonly eventId: string | undefined;
  readonly stopping: Stopping;
}

/** What a cycle's own work is given. */
export interface CycleRun {
  readonly id: string;
  readonly lease: Lease;
  readonly startedMs: number;
  readonly stopping: Stopping;
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
}

export interface CycleDeps {
  readonly store: Store;
  readonly log: Logger;
  /** Longest time that one run can take; the lease lasts a little longer. */
  readonly runMsMax: number;
}

const LEASE_MARGIN_MS = 10_000;

/**
 * Runs a cycle under its lease: takes it or answers `skipped`, fences off a holder that vanished, does the work, stores
 * the report, gives the lease back. A run that loses its lease on the way gives up and answers `failed`.
 * @throws {ObjectStoreError} it could not start; nothing was done, and the same event may come again.
 */
export async function runCycle<R extends CycleReport>(
  deps: CycleDeps,
  cycle: CycleName,
  call: CycleCall,
  work: (run: CycleRun) => Promise<CycleResult<R>>,
): Promise<R | CycleReport> {
  const { store, log } = deps;
  const { clock, random } = store.context;
  const startedMs = clock.nowMs();
  await store.merge.ready();
  const answer = await store.leases.take(cycle, deps.runMsMax + LEASE_MARGIN_MS, call.eventId);
  const base = { cycle, id: random.uuid(), started: new Date(startedMs).toISOString() };
  if (answer.kind !== 'taken') {
    const reason =
      answer.kind === 'repeated'
        ? REPEATED
        : `another run holds the lease until ${new Date(answer.untilMs).toISOString()}`;
    log.info('cycle skipped', { cycle, reason });
    return { ...base, outcome: 'skipped', duration_ms: clock.nowMs() - startedMs, reason };
  }
  const { lease } = answer;
  let fencedOff = !lease.takenOver;
  let started = false;
  try {
    if (!fencedOff) await store.state.fenceOff(lease);
    fencedOff = true;
    const result = await work({ id: base.id, lease, startedMs, stopping: call.stopping });
    started = true;
    const problems = [...result.problems];
    const finished = (): CycleReport => ({
      ...base,
      outcome: problems.length === 0 ? 'completed' : 'partial',
      duration_ms: clock.nowMs() - startedMs,
      ...(problems.length === 0 ? {} : { problems }),
    });
    await storeReport(store, cycle, lease, result, finished(), problems);
    const report = finished();
    log.info('cycle finished', {
      cycle,
      outcome: report.outcome,
      durationMs: report.duration_ms,
      ...result.counted,
      ...(problems.length === 0 ? {} : { problems }),
    });
    return { ...report, ...result.body };
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    const problems = [describeError(error)];
    log.warn('cycle given up', { cycle, problems });
    return { ...base, outcome: 'failed', duration_ms: clock.nowMs() - startedMs, problems };
  } finally {
    await lease.release({ forgetEvent: !started, fencedOff });
  }
}

const REPEATED = 'this event was served before';

/** Stores the report; what hinders it becomes one more problem of the run. */
async function storeReport<R extends CycleReport>(
  store: Store,
  cycle: CycleName,
  lease: Lease,
  result: CycleResult<R>,
  report: CycleReport,
  problems: string[],
): Promise<void> {
  try {
    await store.reports.write(cycle, lease, {
      report: { ...report, ...(result.storedBody ?? result.body) },
      counted: result.counted,
      memory: result.memory,
    });
  } catch (error) {
    problems.push(`the report was not stored: ${problemText(error)}`);
  }
}

/** A failure of the store on the way, in words. Anything else is a bug and goes on up. */
export function problemText(error: unknown): string {
  if (
    error instanceof LeaseLostError ||
    error instanceof DamagedObjectError ||
    error instanceof ObjectStoreError
  )
    return describeError(error);
  throw error;
}
