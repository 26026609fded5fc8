import type { Clock } from '../../platform/clock.ts';
import type { Schedule } from '../../platform/configuration/configuration.ts';
import type { CycleName } from '../../store/keys.ts';
import type { Finding, Indicator } from '../health.ts';
import { nthTickMs } from '../schedule.ts';
import type { CycleLook, StoredReports } from '../stored-reports.ts';

/** Ticks without a report after which silence is taken for a failure. */
const MISSED_MAX = 3;
/** A run may take this long before its report is there. */
const RUN_MS_MAX = 120_000;

/**
 * A cycle runs: its last report is not older than three ticks of its schedule and one run. `INIT` when none has ever
 * reported: nothing stored tells since when one should have.
 */
export function cycleIndicator(deps: {
  readonly cycle: CycleName;
  readonly schedule: Schedule;
  readonly reports: () => Promise<StoredReports>;
  readonly clock: Clock;
}): Indicator {
  const { cycle, schedule, clock } = deps;
  return {
    name: `cycle:${cycle}`,
    check: async () => findingOf((await deps.reports())[cycle], schedule, clock.nowMs()),
  };
}

function findingOf({ last, damagedKey }: CycleLook, schedule: Schedule, nowMs: number): Finding {
  if (damagedKey !== undefined)
    return { status: 'DOWN', details: { reason: `the report ${damagedKey} is damaged` } };
  if (last === undefined) return { status: 'INIT', details: { reason: 'no run has reported yet' } };
  const details = {
    started: new Date(last.startedMs).toISOString(),
    duration_ms: last.durationMs,
    outcome: last.outcome,
    ...(last.problems.length === 0 ? {} : { problems: last.problems }),
  };
  const reason = reasonOf(last, schedule, nowMs);
  return reason === undefined
    ? { status: 'UP', details }
    : { status: 'DOWN', details: { ...details, reason } };
}

function reasonOf(
  last: { readonly startedMs: number; readonly outcome: string },
  schedule: Schedule,
  nowMs: number,
): string | undefined {
  if (last.outcome === 'failed') return 'the last run failed';
  const dueMs = nthTickMs(schedule, last.startedMs, MISSED_MAX);
  if (dueMs === undefined) return 'its schedule names no time that will ever come';
  if (nowMs <= dueMs + RUN_MS_MAX) return undefined;
  return `no run has reported although ${MISSED_MAX} were due since the last: is its cron subscription there, and does it reach the function?`;
}
