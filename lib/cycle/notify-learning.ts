import type { Logger } from '../platform/logging.ts';
import type { Registration, RegistrationState } from '../registration/registration.ts';
import {
  isTroubled,
  postpone,
  recordFailure,
  recordSuccess,
  retire,
  statusOf,
  type FailurePolicy,
} from '../registration/state.ts';
import { parseTarget } from '../registration/target.ts';
import { cooldownOf, type DueRegistration } from './decide.ts';
import type { Decision } from './report.ts';
import type { Outcome } from '../delivery/attempts.ts';
import type { Acceptance } from '../delivery/channel.ts';

/** What was learned, or nothing if it is what was known. */
export function nextState(
  { record, state }: Registration,
  outcome: Outcome,
  policy: FailurePolicy,
  nowMs: number,
): RegistrationState | undefined {
  switch (outcome.kind) {
    case 'success': {
      const remember = cooldownOf(record) > 0 || isJob(record);
      // Who need not answer can hang all the same.
      const slow = outcome.timedOut === true ? { slow: true as const } : {};
      const isNews = isTroubled(state) || remember || outcome.timedOut === true;
      return isNews ? { ...recordSuccess(state, nowMs, remember), ...slow } : undefined;
    }
    case 'fail': {
      const { reason, timedOut = false } = outcome;
      return recordFailure(state, policy, nowMs, { reason, timedOut });
    }
    case 'postponed':
      return postpone(state, outcome.notBeforeMs ?? nowMs, outcome.reason);
    case 'retire':
      return retire(state, nowMs, outcome.reason);
    case 'unstarted':
    case 'cancelled':
    case 'held':
    case 'misconfigured':
      return undefined;
  }
}

const REASONS = {
  success: 'woken',
  fail: 'failed',
  retire: 'retired',
  unstarted: 'deferred',
  postponed: 'postponed',
  cancelled: 'cancelled',
  held: 'job_running',
  misconfigured: 'misconfigured',
} as const;

/** What the report says of one wake-up. */
export function decisionOf(
  { record }: Registration,
  { depth, depthSum }: Pick<DueRegistration, 'depth' | 'depthSum'>,
  outcome: Outcome,
  next: RegistrationState | undefined,
): Decision {
  const consequence =
    outcome.kind === 'fail' && next !== undefined ? consequenceOf({ record, state: next }) : '';
  return {
    id: record.id,
    reason: REASONS[outcome.kind],
    depth,
    ...(depthSum === undefined ? {} : { depth_sum: depthSum }),
    // Who is held was not tried.
    ...(outcome.kind === 'held' ? {} : { attempts: outcome.attempts }),
    ...reported(outcome.acceptance),
    ...(outcome.kind === 'success' ? {} : { detail: outcome.reason + consequence }),
  };
}

/** A reply is data of somebody else's: so much of it goes into a report, which has many of them. */
const REPLY_CHARACTERS_MAX = 1_024;

function reported(acceptance: Acceptance | undefined): Acceptance {
  const text = acceptance?.reply === undefined ? '' : (JSON.stringify(acceptance.reply) ?? '');
  if (text.length <= REPLY_CHARACTERS_MAX) return acceptance ?? {};
  return { ...acceptance, reply: `${text.slice(0, REPLY_CHARACTERS_MAX)}… (${text.length} characters)` };
}

function consequenceOf(registration: Registration): string {
  const status = statusOf(registration);
  const { failures, quarantinedUntilMs } = registration.state;
  if (status === 'dropped') return `; dropped after ${failures} failures`;
  if (quarantinedUntilMs === undefined) return `; failure ${failures} in a row`;
  return `; in quarantine until ${new Date(quarantinedUntilMs).toISOString()} after ${failures} failures`;
}

/** One line per wake-up: who, where, how it ended. What went well, or waits for a run that does, only for debugging: the report says it as well, and a line each is dear. */
export function logOutcome(
  log: Logger,
  { record }: Registration,
  due: DueRegistration,
  outcome: Outcome,
  next: RegistrationState | undefined,
): void {
  const { id, qmgr } = record;
  const facts = { id, qmgr, queue: due.queue, depth: due.depth, attempts: outcome.attempts };
  if (outcome.kind === 'success') return log.debug('target woken', facts);
  const state =
    next === undefined ? {} : { failures: next.failures, status: statusOf({ record, state: next }) };
  const level = outcome.kind === 'held' ? 'debug' : 'warn';
  log[level]('target not woken', { ...facts, ...state, why: outcome.reason });
}

/** Of jobs it is remembered when they were started: the next run's name depends on it. */
function isJob({ notify }: Registration['record']): boolean {
  const parsed = parseTarget(notify);
  return parsed.ok && parsed.target.kind === 'job';
}
