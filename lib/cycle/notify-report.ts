import type { Randomness } from '../platform/clock.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { encodeMemory, type Remembered } from './notify-memory.ts';
import type { Standstill } from './progress.ts';
import {
  ANSWERED_DECISIONS_MAX,
  foremost,
  storedDecisions,
  type Decision,
  type NotifyReport,
  type QueueManagerLine,
  type TestResult,
} from './report.ts';
import type { CycleResult } from './run-cycle.ts';

/** What a run of the notify cycle has to report. */
export interface GatheredReport {
  readonly decisions: readonly Decision[];
  readonly lines: readonly QueueManagerLine[];
  readonly tests: readonly TestResult[];
  readonly problems: readonly string[];
  readonly remembered: Remembered;
  /** Standstills as they are after this run, by registration. */
  readonly standstills: ReadonlyMap<string, Standstill>;
}

/** Messages enough wait, and yet the target was not woken, and not for want of trying. */
const SKIPPED = [
  'get_inhibited',
  'reader_present',
  'job_running',
  'cooldown',
  'no_progress',
  'postponed',
  'cancelled',
  'misconfigured',
] as const;

/** The report of a run, for its caller and for the store. */
export function resultOf(
  all: AllRegistrations,
  gathered: GatheredReport,
  random: Randomness,
): CycleResult<NotifyReport> {
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
    skipped: count(...SKIPPED),
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
    ...(gathered.tests.length === 0 ? {} : { tests: gathered.tests }),
  };
  return {
    body: { ...body, decisions: foremost(decisions, ANSWERED_DECISIONS_MAX) },
    storedBody: { ...body, ...storedDecisions(decisions) },
    problems: [...gathered.problems, ...shortfalls(gathered.lines, deferred)],
    counted: { cycles: 1, ...notifications },
    memory: encodeMemory(decisions, gathered.remembered, gathered.standstills, random.fraction),
  };
}

/** What this run owes its callers, in words: the reason why it is not `completed`. */
export function shortfalls(lines: readonly QueueManagerLine[], deferred: number): string[] {
  const unread = lines.filter(({ outcome }) => outcome === 'error').map(({ qmgr }) => qmgr);
  return [
    ...(unread.length === 0 ? [] : [`not read: ${unread.toSorted().join(', ')} (see queue_managers)`]),
    ...(deferred === 0 ? [] : [`no time was left for ${deferred} wake-ups; they go first in the next cycle`]),
  ];
}
