import { isMqName } from '../mq-name.ts';
import type { QueueReading } from '../queue-depths.ts';
import { fieldOf, isJsonObject, parseJsonAnswer } from './json-answer.ts';

/** What an answer of the queue resource says. `reason` is a clause that completes "the answer cannot be read: …". */
export type QueueList =
  | { readonly kind: 'queues'; readonly queues: ReadonlyMap<string, QueueReading> }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads the answer of `GET …/qmgr/{qmgr}/queue`, whose status was 200. Total: any bytes give one of the two results.
 *
 * Only what can wake somebody is kept: local queues with a valid name and at least one message, without those of MQ
 * itself (`SYSTEM.…`) and without dynamic ones. A depth that is missing, negative or no whole number is unknown, and
 * its queue is left out. Of a name that comes twice the highest depth counts. A missing or `null` list is an empty one.
 */
export function parseQueueList(body: Uint8Array, contentType: string | undefined): QueueList {
  const answer = parseJsonAnswer(body, contentType);
  if (answer.kind === 'not-json') return unreadable(answer.reason);
  if (!isJsonObject(answer.value)) return unreadable('it is JSON, but not an object with a list "queue"');
  const list = fieldOf(answer.value, 'queue') ?? undefined;
  if (list === undefined && fieldOf(answer.value, 'error') !== undefined)
    return unreadable('it is an error report, although the status is 200');
  if (list !== undefined && !Array.isArray(list)) return unreadable('its "queue" is not a list');
  return { kind: 'queues', queues: collect(list ?? []) };
}

function collect(entries: readonly unknown[]): ReadonlyMap<string, QueueReading> {
  const queues = new Map<string, QueueReading>();
  for (const entry of entries) {
    const reading = readingOf(entry);
    if (reading === undefined) continue;
    const known = queues.get(reading.queue);
    if (known === undefined || reading.depth > known.depth) queues.set(reading.queue, reading);
  }
  return queues;
}

function readingOf(entry: unknown): QueueReading | undefined {
  const queue = fieldOf(entry, 'name');
  if (typeof queue !== 'string' || !isMqName(queue) || queue.startsWith('SYSTEM.')) return undefined;
  if (!isLocal(entry) || isDynamic(entry)) return undefined;
  const depth = depthOf(fieldOf(fieldOf(entry, 'status'), 'currentDepth'));
  return depth === undefined ? undefined : { queue, depth };
}

function isLocal(entry: unknown): boolean {
  const type = fieldOf(entry, 'type');
  return typeof type === 'string' && type.toLowerCase() === 'local';
}

/** Dynamic queues are somebody's temporary reply queues: `permanentDynamic`, `temporaryDynamic`. */
function isDynamic(entry: unknown): boolean {
  const type = fieldOf(fieldOf(entry, 'dynamic'), 'type');
  return typeof type === 'string' && /dynamic/i.test(type);
}

/** The number of messages; undefined when there are none or the number is unknown. */
function depthOf(value: unknown): number | undefined {
  const depth = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof depth === 'number' && Number.isSafeInteger(depth) && depth > 0 ? depth : undefined;
}

function unreadable(reason: string): QueueList {
  return { kind: 'unreadable', reason };
}
