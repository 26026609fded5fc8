import type { AllRegistrations } from '../store/registration-store.ts';
import {
  ANSWERED_DECISIONS_MAX,
  foremost,
  STORED_DECISIONS_MAX,
  type Decision,
  type NotifyReport,
  type QueueManagerLine,
} from './report.ts';
import type { CycleResult } from './run-cycle.ts';

/** What a run of the notify cycle has to report. */
export interface GatheredReport {
  readonly decisions: readonly Decision[];
  readonly lines: readonly QueueManagerLine[];
  readonly problems: readonly string[];
  /** How many runs in a row before this one had no time for whom. */
  readonly deferrals: ReadonlyMap<string, number>;
}

/** The report of a run, for its caller and for the store. */
export function resultOf(all: AllRegistrations, gathered: GatheredReport): CycleResult<NotifyReport> {
  const { decisions } = gathered;
  const count = (...reasons: readonly Decision['reason'][]): number =>
    decisions.filter(({ reason }) => reasons.includes(reason)).length;
  const attemptsMade = decisions.filter(({ attempts }) => attempts !== undefined);
  const retiredNow = attemptsMade.filter(({ reason }) => reason === 'retired').length;
  const quarantined = count('quarantined');
  const retired = count('retired') - retiredNow;
  const deferred = count('deferred');
  const notifications = {
    due: attemptsMade.length,
    succeeded: count('woken'),
    failed: count('failed') + retiredNow,
    skipped: count('cooldown', 'postponed', 'cancelled', 'misconfigured'),
    deferred,
    attempts: attemptsMade.reduce((sum, { attempts = 0 }) => sum + attempts, 0),
  };
  const body = {
    registrations: {
      total: all.stored.length + all.damaged.length,
      active: all.stored.length - quarantined - retired,
      quarantined,
      retired,
      damaged: all.damaged,
    },
    queue_managers: gathered.lines.toSorted((a, b) => (a.qmgr < b.qmgr ? -1 : 1)),
    notifications,
  };
  return {
    body: { ...body, decisions: foremost(decisions, ANSWERED_DECISIONS_MAX) },
    storedBody: { ...body, decisions: foremost(decisions, STORED_DECISIONS_MAX) },
    problems: [...gathered.problems, ...shortfalls(gathered.lines, deferred)],
    counted: { cycles: 1, ...notifications },
    memory: memoryOf(decisions, gathered.deferrals),
  };
}

type Deferral = readonly [id: string, runs: number];

/**
 * For the next run: who waited longest first, so that the limit costs those who can best wait. Who waited already and
 * whose queue manager was not read keeps its place.
 */
function memoryOf(
  decisions: readonly Decision[],
  before: ReadonlyMap<string, number>,
): Readonly<Record<string, unknown>> {
  const all = decisions.flatMap(({ id, reason }): Deferral[] => {
    const runs = before.get(id) ?? 0;
    if (reason === 'deferred') return [[id, runs + 1]];
    return reason === 'queue_manager_error' && runs > 0 ? [[id, runs]] : [];
  });
  if (all.length === 0) return {};
  return { deferred: all.toSorted((a, b) => b[1] - a[1]).slice(0, STORED_DECISIONS_MAX) };
}

/** Reads what an earlier run kept for the next one. What is not of its form counts for nothing. */
export function readDeferrals(memory: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> {
  const kept = memory['deferred'];
  return new Map(Array.isArray(kept) ? kept.filter(isDeferral) : []);
}

function isDeferral(value: unknown): value is Deferral {
  if (!Array.isArray(value)) return false;
  const [id, runs]: unknown[] = value;
  return typeof id === 'string' && typeof runs === 'number' && Number.isSafeInteger(runs) && runs > 0;
}

/** What this run owes its callers, in words: the reason why it is not `completed`. */
function shortfalls(lines: readonly QueueManagerLine[], deferred: number): string[] {
  const unread = lines.filter(({ outcome }) => outcome === 'error').map(({ qmgr }) => qmgr);
  return [
    ...(unread.length === 0 ? [] : [`not read: ${unread.toSorted().join(', ')} (see queue_managers)`]),
    ...(deferred === 0 ? [] : [`no time was left for ${deferred} wake-ups; they go first in the next cycle`]),
  ];
}
