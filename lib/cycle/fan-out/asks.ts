import type { Randomness } from '../../platform/clock.ts';
import type { QueueManagerReading, Wanted } from '../../queues/queue-depths.ts';

/** What the registrations of a queue manager need to be known of it, besides the depths. */
export interface Asked {
  readonly oldestMessageAge: boolean;
  /** Some of the registered names that no queue with messages has: whether they are there is to be found out. */
  readonly unseen: readonly string[];
}

/** By queue manager. */
export type Asks = ReadonlyMap<string, Asked>;

/** Names of one queue manager that are remembered: a few are asked about in each cycle. */
const UNSEEN_MAX = 16;

/** What has to be asked of it the next time: some names that are known not to be there stay, of the rest now these and now those. */
export function askedOf(wanted: Wanted, reading: QueueManagerReading, random: Randomness): Asked {
  const { oldestMessageAge, names } = wanted;
  if (reading.kind === 'failed') return { oldestMessageAge, unseen: [] };
  const unseen = [...names].filter((name) => !name.endsWith('*') && !reading.queues.has(name));
  const missing = unseen.filter((name) => reading.notFound.has(name));
  const rest = unseen.filter((name) => !reading.notFound.has(name));
  const start = Math.floor(random.fraction() * rest.length);
  const inTurn = [...missing.slice(0, UNSEEN_MAX / 2), ...rest.slice(start), ...rest.slice(0, start)];
  return { oldestMessageAge, unseen: inTurn.slice(0, UNSEEN_MAX) };
}

/** What all ranges together need. Of names each range's come in turn, so that none crowds out the others. */
export function mergedAsks(all: readonly Asks[]): Asks {
  const byName = new Map<string, Asked[]>();
  for (const [qmgr, asked] of all.flatMap((asks) => [...asks]))
    byName.set(qmgr, [...(byName.get(qmgr) ?? []), asked]);
  return new Map(
    [...byName].map(([qmgr, asked]) => {
      const turns = Array.from({ length: UNSEEN_MAX }, (_, turn) =>
        asked.flatMap(({ unseen }) => unseen[turn] ?? []),
      );
      const unseen = [...new Set(turns.flat())].slice(0, UNSEEN_MAX);
      return [qmgr, { oldestMessageAge: asked.some((one) => one.oldestMessageAge), unseen }];
    }),
  );
}

/** Everything that holds messages, whoever waits for it: the registrations are not known where this is asked. */
export function wantedFor(asked: Asked | undefined): Wanted {
  return {
    names: new Set(asked?.unseen),
    everyName: true,
    oldestMessageAge: asked?.oldestMessageAge ?? true,
    // It comes along, and who registers with a rule on readers is not to be woken beside one for once.
    openInputCount: true,
  };
}

type Entry = readonly [qmgr: string, oldestMessageAge: 0 | 1, ...unseen: string[]];

/** In their stored form. */
export function encodeAsks(asks: Asks): readonly Entry[] {
  return [...asks].map(([qmgr, { oldestMessageAge, unseen }]) => [qmgr, oldestMessageAge ? 1 : 0, ...unseen]);
}

/** Reads the stored form. What is not of its form counts for nothing. Total: never throws. */
export function parseAsks(stored: unknown): Asks {
  const entries = Array.isArray(stored) ? stored.filter(isEntry) : [];
  return new Map(
    entries.map(([qmgr, oldestMessageAge, ...unseen]) => [
      qmgr,
      { oldestMessageAge: oldestMessageAge === 1, unseen },
    ]),
  );
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value)) return false;
  const [qmgr, oldestMessageAge, ...unseen]: unknown[] = value;
  return (
    typeof qmgr === 'string' &&
    typeof oldestMessageAge === 'number' &&
    unseen.every((name) => typeof name === 'string')
  );
}
