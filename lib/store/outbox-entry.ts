import type { Expectation, LifecycleEvent, LifecycleEventType } from '../events/lifecycle-event.ts';
import { asRegistrationId } from '../registration/registration.ts';

/** A place in the order of arrival, later than all that an instance gave before. */
export type ArrivalStamp = string & { readonly __brand: 'ArrivalStamp' };

/** One event that waits for one endpoint, as its key tells it. */
export interface OutboxEntry {
  readonly key: string;
  readonly endpoint: string;
  readonly eventId: string;
  /** When it was announced, epoch milliseconds. */
  readonly arrivedMs: number;
  readonly sizeBytes: number;
}

/** What the object of an entry holds. `dropped`: it is not to be sent, and on its way out. */
export type OutboxContent =
  | { readonly kind: 'event'; readonly event: LifecycleEvent; readonly expects: Expectation | undefined }
  | { readonly kind: 'dropped' };

export const OUTBOX = 'outbox/';
export const DEAD_LETTERS = 'dead-letters/';

/**
 * From its arrival on a dropped entry is kept so long, where a delivered one goes at once: by that a confirmation that
 * comes late tells one from the other. No call that announces lives as long.
 */
export const DROPPED_KEPT_MS = 5 * 60_000;

const NAME = /^(?<endpoint>[A-Za-z0-9._-]{1,64})\/(?<arrived>\d{16})-\d{6}-(?<id>[0-9a-f]{32})\.json$/;

/** `<endpoint>/<16 digits of ms>-<6 digits of a count>-<event id>.json`: keys sort in the order of arrival. */
export function entryName(endpoint: string, stamp: string, eventId: string): string {
  return `${endpoint}/${stamp}-${eventId}.json`;
}

/** An entry by its key below `prefix`; undefined for a key that we would not have written. */
export function entryOf(key: string, sizeBytes: number, prefix: string): OutboxEntry | undefined {
  const { endpoint, arrived, id } = NAME.exec(key.slice(prefix.length))?.groups ?? {};
  if (endpoint === undefined || arrived === undefined || id === undefined) return undefined;
  return { key, endpoint, eventId: id, arrivedMs: Number(arrived), sizeBytes };
}

/** A stored JSON value as what an entry holds, or `undefined` if it is none, or of another event than its key says. */
export function parseContent(json: unknown, eventId: string): OutboxContent | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, dropped, event, expects }: Partial<Record<string, unknown>> = { ...json };
  if (format !== 1) return undefined;
  if (dropped === true) return { kind: 'dropped' };
  const told = parseEvent(event);
  const expected = expects === undefined ? undefined : parseExpectation(expects);
  if (told?.id !== eventId || (expects !== undefined && expected === undefined)) return undefined;
  return { kind: 'event', event: told, expects: expected };
}

const TIME_MS_MAX = 253402300799999;

function parseEvent(json: unknown): LifecycleEvent | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { id, type, timeMs, subject, data }: Partial<Record<string, unknown>> = { ...json };
  if (typeof id !== 'string' || typeof type !== 'string' || typeof timeMs !== 'number') return undefined;
  if (!Number.isInteger(timeMs) || timeMs < 0 || timeMs > TIME_MS_MAX) return undefined;
  if (typeof data !== 'object' || data === null) return undefined;
  if (subject !== undefined && typeof subject !== 'string') return undefined;
  // A type that a newer version wrote is passed on as it is.
  const known = { id, type: type as LifecycleEventType, timeMs, data: { ...data } };
  return subject === undefined ? known : { ...known, subject };
}

function parseExpectation(json: unknown): Expectation | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { id, revision, is }: Partial<Record<string, unknown>> = { ...json };
  if (typeof id !== 'string' || typeof revision !== 'string') return undefined;
  return is === 'stored' || is === 'gone' ? { id: asRegistrationId(id), revision, is } : undefined;
}
