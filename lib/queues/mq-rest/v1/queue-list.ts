import { isMqName } from '../../mq-name.ts';
import { isSystemQueue, type QueueNames } from '../../queue-names.ts';
import type { QueueReading } from '../../queue-depths.ts';
import type { Alias } from '../api.ts';
import { fieldOf, isJsonObject, parseJsonAnswer } from '../json-answer.ts';
import { deepestOfEach, wholeNumber } from '../queue-facts.ts';

/** The entries of an answer of the queue resource. `reason` is a clause that completes "the answer cannot be read: …". */
export type QueueList =
  | { readonly kind: 'queues'; readonly entries: readonly unknown[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads the body of `GET …/qmgr/{qmgr}/queue`. Total: any bytes give one of the two results. That nothing matched is an
 * empty list and nothing else: what says less is no answer.
 */
export function parseQueueList(body: Uint8Array, contentType: string | undefined): QueueList {
  const answer = parseJsonAnswer(body, contentType);
  if (answer.kind === 'not-json') return unreadable(answer.reason);
  if (!isJsonObject(answer.value)) return unreadable('it is JSON, but not an object with a list "queue"');
  if ((fieldOf(answer.value, 'error') ?? undefined) !== undefined)
    return unreadable('it is an error report, although the status is 200');
  const list = fieldOf(answer.value, 'queue');
  if (!Array.isArray(list)) return unreadable('its "queue" is not a list');
  const entries: readonly unknown[] = list;
  if (entries.length > 0 && !entries.some((entry) => typeof fieldOf(entry, 'name') === 'string'))
    return unreadable('no entry of its "queue" has a name');
  return { kind: 'queues', entries };
}

/**
 * Of the entries what can wake somebody: local queues that are wanted, with a valid name and at least one message. A depth
 * that is missing, negative or no whole number is unknown, and its queue is left out. Of a name that comes twice the
 * highest depth counts.
 */
export function pickQueues(
  entries: readonly unknown[],
  names: QueueNames,
): ReadonlyMap<string, QueueReading> {
  return deepestOfEach(entries, (entry) => readingOf(entry, names));
}

/** The aliases among the entries, by name. */
export function pickAliases(entries: readonly unknown[]): ReadonlyMap<string, Alias> {
  const aliases = new Map<string, Alias>();
  for (const entry of entries) {
    const name = fieldOf(entry, 'name');
    const target = fieldOf(fieldOf(entry, 'alias'), 'targetName');
    if (typeof name === 'string' && typeof target === 'string' && isMqName(name) && isMqName(target))
      aliases.set(name, { target, getInhibited: isGetInhibited(entry) });
  }
  return aliases;
}

function readingOf(entry: unknown, names: QueueNames): QueueReading | undefined {
  const queue = fieldOf(entry, 'name');
  // Most are nobody's: those cost one look.
  if (typeof queue !== 'string' || !names.wants(queue, false) || !isMqName(queue)) return undefined;
  const hidden = isHidden(queue, entry);
  if (hidden && !names.wants(queue, hidden)) return undefined;
  const type = fieldOf(entry, 'type');
  if (typeof type !== 'string' || type.toLowerCase() !== 'local') return undefined;
  const status = fieldOf(entry, 'status');
  const depth = wholeNumber(fieldOf(status, 'currentDepth'));
  if (depth === undefined || depth < 1) return undefined;
  const ageSeconds = wholeNumber(fieldOf(status, 'oldestMessageAge'));
  const openInputCount = wholeNumber(fieldOf(status, 'openInputCount'));
  return {
    queue,
    depth,
    ...(ageSeconds === undefined ? {} : { oldestMessageAgeMs: ageSeconds * 1000 }),
    ...(openInputCount === undefined ? {} : { openInputCount }),
    ...(isGetInhibited(entry) ? { getInhibited: true } : {}),
    ...(hidden ? { hidden } : {}),
  };
}

/** Somebody's temporary reply queue, or one whose messages go on to another queue manager by themselves. */
function isHidden(queue: string, entry: unknown): boolean {
  if (isSystemQueue(queue)) return true;
  const dynamic = fieldOf(fieldOf(entry, 'dynamic'), 'type');
  if (typeof dynamic === 'string' && dynamic.toLowerCase() === 'temporarydynamic') return true;
  return isTrue(fieldOf(fieldOf(entry, 'general'), 'isTransmissionQueue'));
}

function isGetInhibited(entry: unknown): boolean {
  return isTrue(fieldOf(fieldOf(entry, 'general'), 'inhibitGet'));
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function unreadable(reason: string): QueueList {
  return { kind: 'unreadable', reason };
}
