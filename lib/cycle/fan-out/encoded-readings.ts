import type { QueueManagerErrorCode, QueueManagerReading, QueueReading } from '../../queues/queue-depths.ts';

/** Readings of queue managers as one invocation passes them on to others: short, for there may be a hundred thousand queues. */
export type EncodedReadings = readonly (readonly [qmgr: string, reading: EncodedReading])[];

type EncodedReading =
  | { readonly queues: readonly EncodedQueue[]; readonly notFound: readonly string[] }
  | { readonly code: QueueManagerErrorCode; readonly message: string };

/** Numbers are -1 where they are not known; flags are `GET_INHIBITED` and `HIDDEN`. */
type EncodedQueue = readonly [queue: string, depth: number, ageMs: number, openInput: number, flags: number];

const GET_INHIBITED = 1;
const HIDDEN = 2;

export function encodeReadings(readings: ReadonlyMap<string, QueueManagerReading>): EncodedReadings {
  return [...readings].map(([qmgr, reading]) => [
    qmgr,
    reading.kind === 'failed'
      ? { code: reading.code, message: reading.message }
      : { queues: [...reading.queues].map(encodeQueue), notFound: [...reading.notFound] },
  ]);
}

function encodeQueue([name, reading]: readonly [string, QueueReading]): EncodedQueue {
  const { depth, oldestMessageAgeMs = -1, openInputCount = -1, getInhibited, hidden } = reading;
  const flags = (getInhibited ? GET_INHIBITED : 0) + (hidden ? HIDDEN : 0);
  return [name, depth, oldestMessageAgeMs, openInputCount, flags];
}

/** Reads what was passed on. What is not of its form is left out. Total: never throws. */
export function parseReadings(stored: unknown): ReadonlyMap<string, QueueManagerReading> {
  const entries: readonly unknown[] = Array.isArray(stored) ? stored : [];
  return new Map(
    entries.flatMap((entry) => {
      const [qmgr, reading]: readonly unknown[] = Array.isArray(entry) ? entry : [];
      const parsed = parseReading(reading);
      return typeof qmgr === 'string' && parsed !== undefined ? [[qmgr, parsed] as const] : [];
    }),
  );
}

const CODES: ReadonlySet<unknown> = new Set<QueueManagerErrorCode>([
  'not-configured',
  'rejected',
  'unreachable',
  'timeout',
  'unavailable',
  'unreadable',
]);

const isCode = (value: unknown): value is QueueManagerErrorCode => CODES.has(value);

function parseReading(value: unknown): QueueManagerReading | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { queues, notFound, code, message }: Partial<Record<string, unknown>> = { ...value };
  if (isCode(code)) return { kind: 'failed', code, message: typeof message === 'string' ? message : code };
  if (!Array.isArray(queues) || !Array.isArray(notFound)) return undefined;
  return {
    kind: 'read',
    queues: new Map(queues.filter(isQueue).map((queue) => [queue[0], decodeQueue(queue)])),
    notFound: new Set(notFound.filter((name) => typeof name === 'string')),
    // They are in the report of the cycle that asked.
    warnings: [],
  };
}

function isQueue(value: unknown): value is EncodedQueue {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [queue, ...numbers]: unknown[] = value;
  return typeof queue === 'string' && numbers.every((number) => typeof number === 'number');
}

function decodeQueue([queue, depth, ageMs, openInput, flags]: EncodedQueue): QueueReading {
  return {
    queue,
    depth,
    ...(ageMs < 0 ? {} : { oldestMessageAgeMs: ageMs }),
    ...(openInput < 0 ? {} : { openInputCount: openInput }),
    ...((flags & GET_INHIBITED) === 0 ? {} : { getInhibited: true }),
    ...((flags & HIDDEN) === 0 ? {} : { hidden: true }),
  };
}
