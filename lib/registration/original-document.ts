import { createHash } from 'node:crypto';
import { describeJsonFault } from '../platform/configuration/json-fault.ts';
import { checkRequest } from './check-request.ts';
import { isAllowedId } from './id-pattern.ts';
import { namesInLowerCase, type Fields } from './read-fields.ts';
import { naturalId } from './registration-id.ts';
import { asRegistrationId, type RegistrationRecord } from './registration.ts';
import { timeFromWire, timeToWire, type WireRegistration } from './wire.ts';

/** A registration read from a document, before the store gives it a revision. */
export type RegistrationDraft = Omit<RegistrationRecord, 'revision' | 'format'>;

/** An entry that could not be taken, by its place in the list. */
export interface RefusedEntry {
  readonly index: number;
  readonly message: string;
}

export type ParsedDocument =
  | {
      readonly ok: true;
      readonly drafts: readonly RegistrationDraft[];
      readonly refused: readonly RefusedEntry[];
    }
  | { readonly ok: false; readonly message: string };

/**
 * Reads the document of the original, of a seed, an export or a backup: `{"mq_requests":[…]}`, keys in any case, `null`
 * for an empty list. Where a checksum is given it must hold. An entry without a usable id gets the natural one; of two
 * entries with one id the last counts, as in the original. Total: never throws.
 */
export function parseOriginalDocument(text: string, nowMs: number): ParsedDocument {
  let value: unknown;
  const json = text.replace(/^\uFEFF/, '');
  try {
    value = JSON.parse(json);
  } catch {
    // Not the runtime's own message: it quotes the document, which may hold a header's secret.
    return { ok: false, message: `it is not valid JSON: it goes wrong ${describeJsonFault(json)}` };
  }
  const fields = namesInLowerCase(value);
  const list = fields?.['mq_requests'] === null ? [] : fields?.['mq_requests'];
  if (fields === undefined || !Array.isArray(list))
    return { ok: false, message: 'it is not an object with a list "mq_requests"' };
  if (fields['sha256'] !== undefined && fields['sha256'] !== checksum(list))
    return { ok: false, message: 'its checksum does not match: it was changed or damaged' };
  return { ok: true, ...readEntries(list, nowMs) };
}

function readEntries(
  list: readonly unknown[],
  nowMs: number,
): { drafts: readonly RegistrationDraft[]; refused: readonly RefusedEntry[] } {
  const drafts = new Map<string, RegistrationDraft>();
  const refused: RefusedEntry[] = [];
  list.forEach((item, index) => {
    const entry = readEntry(item, nowMs);
    if (typeof entry === 'string') refused.push({ index, message: entry });
    else drafts.set(entry.id, entry);
  });
  return { drafts: [...drafts.values()], refused };
}

/** A draft, or what is wrong with the entry. */
function readEntry(item: unknown, nowMs: number): RegistrationDraft | string {
  const fields = namesInLowerCase(item);
  if (fields === undefined) return 'is not an object';
  const settings = pick(fields, ['qmgr', 'queue', 'notify', 'when', 'delivery', 'job']);
  const { id } = fields;
  const checked = checkRequest(isUsableId(id) ? { ...settings, id } : settings);
  if (!checked.ok) return checked.errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  const state = readState(fields);
  if (typeof state === 'string') return state;
  const { qmgr, queue, notify } = checked.value;
  return {
    ...checked.value,
    id: isUsableId(id) ? asRegistrationId(id) : naturalId(qmgr, queue, notify),
    lastUpdatedMs: state.lastUpdatedMs ?? nowMs,
    ...(state.inherited === undefined ? {} : { inherited: state.inherited }),
  };
}

function isUsableId(id: unknown): id is string {
  return typeof id === 'string' && isAllowedId(id);
}

function pick(fields: Fields, names: readonly string[]): Record<string, unknown> {
  const kept = names.map((name) => [name, fields[name]] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined && value !== null));
}

interface ReadState {
  readonly lastUpdatedMs: number | undefined;
  readonly inherited: RegistrationRecord['inherited'];
}

/** As long as the schema of a registration lets it be. */
const REASON_CHARACTERS_MAX = 1_000;

/** The state that an entry brings along, or what is wrong with it. */
function readState(fields: Fields): ReadState | string {
  const failures = fields['failcount'] ?? 0;
  if (typeof failures !== 'number' || !Number.isSafeInteger(failures) || failures < 0)
    return 'failcount must be a whole number';
  const quarantinedUntilMs = timeFromWire(fields['backoff']);
  if (quarantinedUntilMs === 'invalid') return 'backoff must be an RFC 3339 time';
  const lastUpdatedMs = timeFromWire(fields['last_updated']);
  if (lastUpdatedMs === 'invalid') return 'last_updated must be an RFC 3339 time';
  const given = fields['state_reason'];
  const reason = typeof given === 'string' ? given.slice(0, REASON_CHARACTERS_MAX) : undefined;
  const retired = fields['state'] === 'retired';
  if (failures === 0 && quarantinedUntilMs === undefined && !retired)
    return { lastUpdatedMs, inherited: undefined };
  return {
    lastUpdatedMs,
    inherited: {
      failures,
      ...(quarantinedUntilMs === undefined ? {} : { quarantinedUntilMs }),
      ...(quarantinedUntilMs === undefined || retired || reason === undefined
        ? {}
        : { quarantinedReason: reason }),
      ...(retired ? { retiredReason: reason ?? 'retired before' } : {}),
    },
  };
}

function checksum(list: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('hex');
}

/** Writes the document as the original reads it: one line of JSON, the seven keys first in each entry. */
export function encodeOriginalDocument(registrations: readonly WireRegistration[], nowMs: number): string {
  return JSON.stringify({ mq_requests: registrations, last_updated: timeToWire(nowMs) });
}

/** The same with a checksum of its list (SHA-256 of its JSON, hexadecimal): a backup tells whether it is whole. */
export function encodeBackup(registrations: readonly WireRegistration[], nowMs: number): string {
  return JSON.stringify({
    mq_requests: registrations,
    last_updated: timeToWire(nowMs),
    sha256: checksum(registrations),
  });
}
