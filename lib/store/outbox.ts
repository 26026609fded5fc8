import type { Expectation, LifecycleEvent } from '../events/lifecycle-event.ts';
import type { ETag } from '../object-store/object-store.ts';
import { createBreakers, type Breakers } from './outbox-breakers.ts';
import { createDeadLetters, type DeadLetters } from './outbox-dead-letters.ts';
import {
  DROPPED_KEPT_MS,
  entryName,
  entryOf,
  OUTBOX,
  type ArrivalStamp,
  type OutboxEntry,
} from './outbox-entry.ts';
import { readEntry, type EntryRead } from './outbox-read.ts';
import { nonceOf } from './document.ts';
import { listAll } from './registration-reader.ts';
import { resolvedPut } from './resolved-put.ts';
import { repeated, type StoreContext } from './store-context.ts';
import { encodeStored } from './stored-json.ts';

/** An event in an outbox. `etag` is absent where another had put the very same there. */
export interface QueuedEvent {
  readonly endpoint: string;
  readonly key: string;
  readonly etag: ETag | undefined;
  readonly event: LifecycleEvent;
}

/**
 * Events that wait for endpoints: one object for each event and endpoint, created only, in the order of arrival as the
 * clocks of those who wrote them tell it. An event that was announced twice is there twice under one id.
 */
export interface Outbox {
  readonly nextStamp: () => ArrivalStamp;
  /** Resolves once the event is durable. */
  readonly add: (
    endpoint: string,
    stamp: ArrivalStamp,
    event: LifecycleEvent,
    expects?: Expectation,
  ) => Promise<QueuedEvent>;
  /**
   * Takes back that the event expects anything. Where it was dropped before this came, it is added anew; where it was sent,
   * nothing is done. When too much time went by to tell, it is added: rather twice than never.
   */
  readonly confirm: (queued: QueuedEvent) => Promise<void>;
  /** All that waits, by endpoint, in the order of arrival; and keys that are none of ours. */
  readonly list: () => Promise<{
    readonly entries: ReadonlyMap<string, readonly OutboxEntry[]>;
    readonly unknown: readonly string[];
  }>;
  readonly read: (entry: OutboxEntry) => Promise<EntryRead>;
  /**
   * Marks an event as one that is not sent, unless it was confirmed meanwhile: then it answers false. The mark must stay
   * for `DROPPED_KEPT_MS` from its arrival on.
   */
  readonly drop: (entry: OutboxEntry, etag: ETag) => Promise<boolean>;
  readonly remove: (keys: readonly string[]) => Promise<void>;
  readonly deadLetters: DeadLetters;
  readonly breakers: Breakers;
}

export function createOutbox(context: StoreContext): Outbox {
  const nextStamp = createStamps(context);

  const put = async (
    key: string,
    content: object,
    condition: { readonly ifMatch: ETag } | { readonly ifNoneMatch: '*' },
  ): Promise<ETag | undefined> => {
    const nonce = context.random.uuid();
    const result = await resolvedPut(context, {
      key,
      body: encodeStored({ format: 1, ...content, nonce }),
      condition,
      isOurs: (body) => nonceOf(body) === nonce,
    });
    return result.kind === 'written' ? result.etag : undefined;
  };

  const add: Outbox['add'] = async (endpoint, stamp, event, expects) => {
    const key = `${OUTBOX}${entryName(endpoint, stamp, event.id)}`;
    const content = expects === undefined ? { event } : { event, expects };
    const etag = await put(key, content, { ifNoneMatch: '*' });
    return { endpoint, key, etag, event };
  };

  /** The event was delivered, or waits and expects nothing. */
  const isSentOrSure = async (key: string): Promise<boolean> => {
    const entry = entryOf(key, 0, OUTBOX);
    if (entry === undefined) return false;
    const read = await readEntry(context, entry);
    if (read === 'gone') return context.clock.nowMs() - entry.arrivedMs < DROPPED_KEPT_MS;
    return read !== 'damaged' && read.content.kind === 'event' && read.content.expects === undefined;
  };

  return {
    nextStamp,
    add,
    confirm: async ({ endpoint, key, etag, event }) => {
      const confirmed = etag === undefined ? undefined : await put(key, { event }, { ifMatch: etag });
      if (confirmed === undefined && !(await isSentOrSure(key))) await add(endpoint, nextStamp(), event);
    },
    list: async () => {
      const entries = new Map<string, OutboxEntry[]>();
      const unknown: string[] = [];
      for (const { key, sizeBytes } of await listAll(context, OUTBOX)) {
        const entry = entryOf(key, sizeBytes, OUTBOX);
        const others = entry === undefined ? undefined : entries.get(entry.endpoint);
        if (entry === undefined) unknown.push(key);
        else if (others === undefined) entries.set(entry.endpoint, [entry]);
        else others.push(entry);
      }
      return { entries, unknown };
    },
    read: (entry) => readEntry(context, entry),
    drop: async ({ key }, etag) => (await put(key, { dropped: true }, { ifMatch: etag })) !== undefined,
    remove: async (keys) => {
      if (keys.length > 0) await repeated(context, () => context.objects.delete(keys));
    },
    deadLetters: createDeadLetters(context, { add, nextStamp }),
    breakers: createBreakers(context),
  };
}

/** Stamps by the clock, and by a count within one millisecond. They grow even when the clock is put back. */
function createStamps({ clock }: StoreContext): () => ArrivalStamp {
  let latestMs = 0;
  let count = 0;
  return () => {
    const nowMs = clock.nowMs();
    count = nowMs > latestMs ? 0 : count + 1;
    latestMs = Math.max(latestMs, nowMs);
    return `${String(latestMs).padStart(16, '0')}-${String(count).padStart(6, '0')}` as ArrivalStamp;
  };
}
