import type { Registration, RegistrationRecord } from './registration.ts';
import { statusOf } from './state.ts';

/** How the original writes "no time": Go's zero time. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';
const ZERO_TIME_MS = Date.parse(ZERO_TIME);
const LAST_TIME_MS = Date.parse('9999-12-31T23:59:59.999Z');
const DAY_MS = 86_400_000;

/** A registration as callers, exports and the original see it. The first seven keys always, in this order. */
export interface WireRegistration {
  readonly id: string;
  readonly qmgr: string;
  readonly queue: string;
  readonly notify: string;
  readonly failcount: number;
  readonly backoff: string;
  readonly last_updated: string;
  readonly when?: RegistrationRecord['when'];
  readonly delivery?: RegistrationRecord['delivery'];
  readonly job?: RegistrationRecord['job'];
  readonly state?: 'quarantined' | 'retired';
  readonly state_reason?: string;
}

/** What a header's value shows as in an answer: they go in and never come out. */
export const MASKED = '***';

function headersMasked(delivery: RegistrationRecord['delivery']): RegistrationRecord['delivery'] {
  if (delivery?.headers === undefined) return delivery;
  return {
    ...delivery,
    headers: Object.fromEntries(Object.keys(delivery.headers).map((name) => [name, MASKED])),
  };
}

/** The form for exports, backups and the original's document: whole; header values stay encrypted as they are stored. */
export function toStoredForm(registration: Registration): WireRegistration {
  const { record, state } = registration;
  const status = statusOf(registration);
  return {
    id: record.id,
    qmgr: record.qmgr,
    queue: record.queue,
    notify: record.notify,
    failcount: state.failures,
    backoff: timeToWire(state.quarantinedUntilMs),
    last_updated: timeToWire(Math.max(record.lastUpdatedMs, state.changedAtMs)),
    ...(record.when === undefined ? {} : { when: record.when }),
    ...(record.delivery === undefined ? {} : { delivery: record.delivery }),
    ...(record.job === undefined ? {} : { job: record.job }),
    ...(status === 'quarantined' || status === 'retired' ? { state: status } : {}),
    ...(status !== 'active' && state.reason !== undefined ? { state_reason: state.reason } : {}),
  };
}

/** The form for answers: as stored, with header values masked. */
export function toAnswerForm(registration: Registration): WireRegistration {
  const stored = toStoredForm(registration);
  return stored.delivery === undefined ? stored : { ...stored, delivery: headersMasked(stored.delivery) };
}

/** Epoch milliseconds as RFC 3339, the year 9999 at the latest; the zero time for none. */
export function timeToWire(ms: number | undefined): string {
  if (ms === undefined || ms <= ZERO_TIME_MS) return ZERO_TIME;
  return new Date(Math.min(ms, LAST_TIME_MS)).toISOString();
}

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Reads an RFC 3339 time: milliseconds, `undefined` for the zero time and for none, `'invalid'` for anything else. What
 * is finer than a millisecond is cut off.
 */
export function timeFromWire(text: unknown): number | undefined | 'invalid' {
  if (text === undefined || text === null || text === '') return undefined;
  if (typeof text !== 'string') return 'invalid';
  const upper = text.toUpperCase();
  const [, year, month, day] = TIME.exec(upper) ?? [];
  if (!isDate(Number(year), Number(month), Number(day))) return 'invalid';
  const ms = Date.parse(upper.replace(' ', 'T'));
  if (ms > LAST_TIME_MS) return 'invalid';
  return ms <= ZERO_TIME_MS + DAY_MS ? undefined : ms;
}

/** `Date.parse` would take the 30th of February for the 2nd of March. */
function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
