import { parseDuration } from '../platform/duration.ts';
import type { QueueManagerReading, QueueReading } from '../queues/queue-depths.ts';
import type { Registration, RegistrationRecord } from '../registration/registration.ts';
import { statusOf } from '../registration/state.ts';
import { heldBackUntilMs, stillStanding, subjectOf, type Sight, type Standstill } from './progress.ts';
import {
  foremostOf,
  isPattern,
  matchesOf,
  rulesOf,
  type FoundQueue,
  type QueueRules,
} from './queue-rules.ts';
import type { Decision } from './report.ts';

/** A registration that is to be woken. */
export interface DueRegistration {
  readonly due: true;
  readonly queue: string;
  readonly depth: number;
  /** For a pattern: messages on all queues that it matches. */
  readonly depthSum?: number;
  /** What a wake-up that succeeds is remembered with. */
  readonly sight: Sight;
  readonly standstill: Standstill | undefined;
}

/** Whether a registration is due to be woken, and for which queue; if not, why not. And what is left of its standstill. */
export type Due =
  | DueRegistration
  | { readonly due: false; readonly decision: Decision; readonly standstill: Standstill | undefined };

/**
 * The decision on a registration that is not woken, or `undefined` if it is active.
 * @param reading tells the depth, where its queue manager was asked for others
 */
export function decideAtRest(
  registration: Registration,
  reading?: QueueManagerReading,
): Decision | undefined {
  const { record, state } = registration;
  const status = statusOf(registration);
  if (status !== 'quarantined' && status !== 'retired') return undefined;
  const detail = state.reason === undefined ? {} : { detail: state.reason };
  return { id: record.id, reason: status, ...depthsIn(reading, record), ...detail };
}

function depthsIn(
  reading: QueueManagerReading | undefined,
  record: RegistrationRecord,
): Pick<Decision, 'depth' | 'depth_sum'> {
  if (reading?.kind !== 'read' || reading.notFound.has(record.queue)) return {};
  const matches = matchesOf(record.queue, reading.queues);
  const depth = foremostOf(matches, rulesOf(record))?.reading.depth ?? 0;
  return isPattern(record.queue) ? { depth, depth_sum: sumOf(matches) } : { depth };
}

function sumOf(matches: readonly QueueReading[]): number {
  return matches.reduce((sum, { depth }) => sum + depth, 0);
}

/**
 * Decides from what a queue manager answered and from the standstill that was remembered. Pure and total: the same
 * reading, memory and time give the same decision.
 */
export function decide(
  registration: Registration,
  reading: QueueManagerReading,
  nowMs: number,
  before?: Standstill,
): Due {
  const { record } = registration;
  const { id } = record;
  if (reading.kind === 'failed') {
    const decision: Decision = { id, reason: 'queue_manager_error', detail: reading.code };
    return { due: false, decision, standstill: before };
  }
  if (reading.notFound.has(record.queue))
    return { due: false, decision: { id, reason: 'queue_not_found' }, standstill: undefined };
  const rules = rulesOf(record);
  const matches = matchesOf(record.queue, reading.queues);
  const found = foremostOf(matches, rules);
  const depth = found?.reading.depth ?? 0;
  const depthSum = isPattern(record.queue) ? sumOf(matches) : undefined;
  const sum = depthSum === undefined ? {} : { depth_sum: depthSum };
  const no = ({ reason, ...words }: Refusal, standstill?: Standstill): Due => ({
    due: false,
    decision: { id, reason, depth, ...sum, ...words },
    standstill,
  });
  if (found === undefined || found.hindrance === 'depth_below') return no(tooLittle(found, rules));
  const { queue, oldestMessageAgeMs } = found.reading;
  const sight = { subject: subjectOf(record, queue), depth: depthSum ?? depth, oldestMessageAgeMs };
  const standstill = stillStanding(before, sight, nowMs);
  if (found.hindrance !== undefined) return no({ reason: found.hindrance }, standstill);
  const refusal = refusalNow(registration, standstill, nowMs);
  if (refusal !== undefined) return no(refusal, standstill);
  return { due: true, queue, depth, ...(depthSum === undefined ? {} : { depthSum }), sight, standstill };
}

/** Why a registration is not woken, in code and, where that says too little, in words. */
type Refusal = Pick<Decision, 'reason' | 'detail'>;

function tooLittle(found: FoundQueue | undefined, { ageAtLeastMs }: QueueRules): Refusal {
  const isAgeMissed =
    found !== undefined && ageAtLeastMs !== undefined && found.reading.oldestMessageAgeMs === undefined;
  return isAgeMissed ? { reason: 'depth_below', detail: AGE_UNKNOWN } : { reason: 'depth_below' };
}

const AGE_UNKNOWN =
  'the age of its oldest message is not known: the queue manager tells it of queues that it monitors (MONQ)';

/** What keeps a registration from being woken now, although messages enough wait. */
function refusalNow(
  { record, state }: Registration,
  standstill: Standstill | undefined,
  nowMs: number,
): Refusal | undefined {
  if (state.notBeforeMs !== undefined && nowMs < state.notBeforeMs) {
    const until = new Date(state.notBeforeMs).toISOString();
    return { reason: 'postponed', detail: `the target asked to be left alone until ${until}` };
  }
  if (state.wokenAtMs !== undefined && nowMs < state.wokenAtMs + cooldownOf(record))
    return { reason: 'cooldown' };
  const untilMs = heldBackUntilMs(standstill, nowMs);
  if (standstill === undefined || untilMs === undefined) return undefined;
  const until = new Date(untilMs).toISOString();
  return {
    reason: 'no_progress',
    detail: `the depth did not fall over ${standstill.wakeUps} wake-ups in a row; the next one is at ${until}, or as soon as it falls`,
  };
}

/** The shortest time between two wake-ups, in milliseconds: the owner's, and what the target's granted rate leaves. */
export function cooldownOf(record: RegistrationRecord): number {
  const own = parseDuration(record.when?.cooldown ?? 'PT0S');
  const granted = record.consent?.rate === undefined ? 0 : 60_000 / record.consent.rate;
  return Math.max(own.ok ? own.ms : 0, granted);
}
