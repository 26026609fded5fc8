import type { QueueReading } from '../queue-depths.ts';

/** A whole number from 0 on, also as a text or as the only entry of a list; `undefined` when it is none: not known. */
export function wholeNumber(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length === 1 ? wholeNumber(value[0]) : undefined;
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** The readings of a list of entries by name; of a name that comes twice the one with the highest depth. */
export function deepestOfEach(
  entries: readonly unknown[],
  readingOf: (entry: unknown) => QueueReading | undefined,
): ReadonlyMap<string, QueueReading> {
  const queues = new Map<string, QueueReading>();
  for (const entry of entries) {
    const reading = readingOf(entry);
    if (reading === undefined) continue;
    const known = queues.get(reading.queue);
    if (known === undefined || reading.depth > known.depth) queues.set(reading.queue, reading);
  }
  return queues;
}
