import type { LifecycleEvent } from '../events/lifecycle-event.ts';
import type { ListedObject } from '../object-store/object-store.ts';
import { DEAD_LETTERS, entryOf, OUTBOX, type ArrivalStamp, type OutboxEntry } from './outbox-entry.ts';
import { readEntry } from './outbox-read.ts';
import { eachOf, listAll } from './registration-reader.ts';
import { resolvedPut } from './resolved-put.ts';
import { repeated, type StoreContext } from './store-context.ts';
import { encodeStored } from './stored-json.ts';

/** What a replay did. */
export interface Replayed {
  readonly replayed: number;
  /** Keys of dead letters that cannot be understood; they stay. */
  readonly damaged: readonly string[];
  /** Dead letters for which there was no time. */
  readonly left: number;
}

/** Dead letters put back at once. */
const REPLAYS_MAX = 16;

/** Events that could not be delivered, kept with the reason until somebody replays or deletes them. */
export interface DeadLetters {
  /** Keeps a dead letter of an event. The event stays in the outbox until the caller removes it. Safe to repeat. */
  readonly bury: (entry: OutboxEntry, event: LifecycleEvent, reason: string) => Promise<void>;
  /** How many there are, by endpoint. */
  readonly count: () => Promise<ReadonlyMap<string, number>>;
  /**
   * Puts dead letters, of one endpoint or of all, back in the outbox, oldest first, as if they came now. Safe to repeat.
   * @param untilMs none is begun from then on, epoch milliseconds.
   */
  readonly replay: (untilMs: number, endpoint?: string) => Promise<Replayed>;
}

/** How a dead letter gets back into an outbox. */
export interface OutboxEntrance {
  readonly nextStamp: () => ArrivalStamp;
  readonly add: (endpoint: string, stamp: ArrivalStamp, event: LifecycleEvent) => Promise<unknown>;
}

/** Dead letters that go back into `outbox`. */
export function createDeadLetters(context: StoreContext, outbox: OutboxEntrance): DeadLetters {
  /** `gone`: another replay took it. */
  const replayOne = async ({ key, sizeBytes }: ListedObject): Promise<'replayed' | 'gone' | 'damaged'> => {
    // Taken before anything is waited for: so many that are put back at once keep their order.
    const stamp = outbox.nextStamp();
    const entry = entryOf(key, sizeBytes, DEAD_LETTERS);
    const read = entry === undefined ? 'damaged' : await readEntry(context, entry);
    if (entry === undefined || read === 'gone' || read === 'damaged')
      return read === 'gone' ? read : 'damaged';
    if (read.content.kind !== 'event') return 'damaged';
    await outbox.add(entry.endpoint, stamp, read.content.event);
    await repeated(context, () => context.objects.delete([key]));
    return 'replayed';
  };

  return {
    bury: async (entry, event, reason) => {
      const key = `${DEAD_LETTERS}${entry.key.slice(OUTBOX.length)}`;
      const buriedMs = context.clock.nowMs();
      // A letter that is there already is of the same event: somebody was interrupted before it left the outbox.
      await resolvedPut(context, {
        key,
        body: encodeStored({ format: 1, event, reason, buriedMs }),
        condition: { ifNoneMatch: '*' },
        isOurs: () => true,
      });
    },
    count: async () => {
      const counts = new Map<string, number>();
      for (const { key } of await listAll(context, DEAD_LETTERS)) {
        const endpoint = entryOf(key, 0, DEAD_LETTERS)?.endpoint;
        if (endpoint !== undefined) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
      }
      return counts;
    },
    replay: async (untilMs, endpoint) => {
      const prefix = endpoint === undefined ? DEAD_LETTERS : `${DEAD_LETTERS}${endpoint}/`;
      const damaged: string[] = [];
      let replayed = 0;
      let left = 0;
      await eachOf(await listAll(context, prefix), REPLAYS_MAX, async (listed) => {
        if (context.clock.nowMs() >= untilMs) {
          left++;
          return;
        }
        const outcome = await replayOne(listed);
        if (outcome === 'replayed') replayed++;
        if (outcome === 'damaged') damaged.push(listed.key);
      });
      return { replayed, damaged: damaged.toSorted(), left };
    },
  };
}
