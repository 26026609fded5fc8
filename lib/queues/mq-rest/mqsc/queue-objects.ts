import { isMqName } from '../../mq-name.ts';
import type { QueueReading } from '../../queue-depths.ts';
import { isSystemQueue, type QueueNames } from '../../queue-names.ts';
import type { Alias } from '../api.ts';
import { fieldOf } from '../json-answer.ts';
import { deepestOfEach, wholeNumber } from '../queue-facts.ts';

/** Of what `DISPLAY QLOCAL` gave the queues that are wanted and hold messages. `ages` in seconds, by name. */
export function pickQueueObjects(
  objects: readonly unknown[],
  ages: ReadonlyMap<string, number>,
  names: QueueNames,
): ReadonlyMap<string, QueueReading> {
  return deepestOfEach(objects, (object): QueueReading | undefined => {
    const queue = nameOf(object);
    // Most are nobody's: those cost one look.
    if (queue === undefined || !names.wants(queue, false)) return undefined;
    const hidden = isHidden(queue, object);
    if (hidden && !names.wants(queue, hidden)) return undefined;
    const depth = wholeNumber(fieldOf(object, 'curdepth'));
    if (depth === undefined || depth < 1) return undefined;
    const openInputCount = wholeNumber(fieldOf(object, 'ipprocs'));
    const ageSeconds = ages.get(queue);
    return {
      queue,
      depth,
      ...(ageSeconds === undefined ? {} : { oldestMessageAgeMs: ageSeconds * 1000 }),
      ...(openInputCount === undefined ? {} : { openInputCount }),
      ...(isGetInhibited(object) ? { getInhibited: true } : {}),
      ...(hidden ? { hidden } : {}),
    };
  });
}

/** Of what `DISPLAY QSTATUS` gave the ages of the oldest messages, in seconds; those that are not known are left out. */
export function pickAges(objects: readonly unknown[]): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  for (const object of objects) {
    const queue = nameOf(object);
    const age = wholeNumber(fieldOf(object, 'msgage'));
    if (queue !== undefined && age !== undefined) ages.set(queue, age);
  }
  return ages;
}

/** Of what `DISPLAY QALIAS` gave the aliases, by name. */
export function pickAliasObjects(objects: readonly unknown[]): ReadonlyMap<string, Alias> {
  const aliases = new Map<string, Alias>();
  for (const object of objects) {
    const name = nameOf(object);
    const target = fieldOf(object, 'target') ?? fieldOf(object, 'targq');
    if (name !== undefined && typeof target === 'string' && isMqName(target))
      aliases.set(name, { target, getInhibited: isGetInhibited(object) });
  }
  return aliases;
}

function nameOf(object: unknown): string | undefined {
  const name = fieldOf(object, 'queue');
  return typeof name === 'string' && isMqName(name) ? name : undefined;
}

function isHidden(queue: string, object: unknown): boolean {
  if (isSystemQueue(queue)) return true;
  return isWord(fieldOf(object, 'usage'), 'XMITQ') || isWord(fieldOf(object, 'deftype'), 'TEMPDYN');
}

function isGetInhibited(object: unknown): boolean {
  return isWord(fieldOf(object, 'get'), 'DISABLED');
}

function isWord(value: unknown, word: string): boolean {
  return typeof value === 'string' && value.toUpperCase() === word;
}
