import { parseDuration } from '../platform/duration.ts';
import type { QueueReading } from '../queues/queue-depths.ts';
import { createQueueNames } from '../queues/queue-names.ts';
import type { RegistrationRecord } from '../registration/registration.ts';

/** What stands against waking for a queue. */
export type Hindrance = 'depth_below' | 'get_inhibited' | 'reader_present';

/** The queue that a decision is about. */
export interface FoundQueue {
  readonly reading: QueueReading;
  readonly hindrance: Hindrance | undefined;
}

/** What a registration asks of its queue. */
export interface QueueRules {
  readonly depthAtLeast: number;
  readonly ageAtLeastMs: number | undefined;
  readonly noReader: boolean;
}

/**
 * The rules of a registration. Who asks for an age and for no depth is woken for the age alone: the usual depth of 1
 * would leave the age without effect.
 */
export function rulesOf({ when }: RegistrationRecord): QueueRules {
  const ageAtLeastMs = millisecondsOf(when?.oldest_message_age_at_least);
  return {
    depthAtLeast: when?.depth_at_least ?? (ageAtLeastMs === undefined ? 1 : Infinity),
    ageAtLeastMs,
    noReader: when?.no_reader === true,
  };
}

function millisecondsOf(duration: string | undefined): number | undefined {
  const parsed = duration === undefined ? undefined : parseDuration(duration);
  return parsed?.ok === true ? parsed.ms : undefined;
}

/** The queues with messages that a name stands for: itself, or all that a trailing `*` matches. */
export function matchesOf(name: string, queues: ReadonlyMap<string, QueueReading>): readonly QueueReading[] {
  const holdsMessages = ({ depth }: QueueReading): boolean => depth >= 1;
  if (!isPattern(name)) {
    const reading = queues.get(name);
    return reading !== undefined && holdsMessages(reading) ? [reading] : [];
  }
  // Others may have named queues that no pattern means.
  const { wants } = createQueueNames([name]);
  return [...queues.values()].filter((one) => wants(one.queue, one.hidden === true) && holdsMessages(one));
}

export function isPattern(name: string): boolean {
  return name.endsWith('*');
}

/**
 * The queue to be woken for: of those that nothing stands against the deepest. If something stands against each, the
 * deepest of those with messages enough, else the deepest of all. Of equals the first by name.
 */
export function foremostOf(matches: readonly QueueReading[], rules: QueueRules): FoundQueue | undefined {
  let foremost: FoundQueue | undefined;
  for (const reading of matches) {
    const found = { reading, hindrance: hindranceOf(reading, rules) };
    if (foremost === undefined || goesBefore(found, foremost)) foremost = found;
  }
  return foremost;
}

/** An age that is not known is never enough. Readers that are not known count as none: a wake-up too many beats silence. */
function hindranceOf(
  { depth, oldestMessageAgeMs, openInputCount, getInhibited }: QueueReading,
  { depthAtLeast, ageAtLeastMs, noReader }: QueueRules,
): Hindrance | undefined {
  const isOldEnough =
    ageAtLeastMs !== undefined && oldestMessageAgeMs !== undefined && oldestMessageAgeMs >= ageAtLeastMs;
  if (depth < depthAtLeast && !isOldEnough) return 'depth_below';
  if (getInhibited === true) return 'get_inhibited';
  return noReader && openInputCount !== undefined && openInputCount > 0 ? 'reader_present' : undefined;
}

function goesBefore(a: FoundQueue, b: FoundQueue): boolean {
  const byRank = rankOf(a.hindrance) - rankOf(b.hindrance);
  if (byRank !== 0) return byRank < 0;
  if (a.reading.depth !== b.reading.depth) return a.reading.depth > b.reading.depth;
  return a.reading.queue < b.reading.queue;
}

function rankOf(hindrance: Hindrance | undefined): number {
  if (hindrance === undefined) return 0;
  return hindrance === 'depth_below' ? 2 : 1;
}
