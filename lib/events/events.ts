import type { Lease } from '../store/lease.ts';
import type { Expectation, LifecycleEvent } from './lifecycle-event.ts';

/** Events that are in the outboxes, ahead of the change that they tell of. */
export interface Announcement {
  /**
   * Says that the change is stored. Before it resolves nobody is told that it worked: then the events cannot be lost any
   * more, whatever becomes of the registration. Not needed where nothing was expected.
   * @throws {ObjectStoreError} the events are sent all the same if the store still bears them out.
   */
  readonly confirm: () => Promise<void>;
}

/** What a drain may use up. */
export interface DrainLimits {
  /** When it ends, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Ends it at once, also the attempts that are on their way. */
  readonly signal: AbortSignal;
}

/** What a drain did. */
export interface DrainResult {
  /** For `CycleResult.counted`, by the names of `delivery-counters.ts`. */
  readonly counted: Readonly<Record<string, number>>;
  /** What somebody should look at: endpoints that fail, objects that are damaged, events that were given up or dropped. */
  readonly problems: readonly string[];
}

/** How one endpoint's outbox stands. */
export interface EndpointBacklog {
  readonly endpoint: string;
  /** Events that are not delivered yet, each counted once. */
  readonly pending: number;
  /** When the oldest of them was announced, epoch milliseconds. */
  readonly oldestMs: number | undefined;
}

/** Lifecycle events, as the rest of the program sees them. No endpoint configured: nothing is done and nothing is stored. */
export interface Events {
  /**
   * Puts events into the outbox of every endpoint that wants them; they are durable when it resolves. Called before the
   * change that they tell of is stored. With `expects` they are sent only once that is confirmed, or the store bears it
   * out, and dropped if neither comes within a minute.
   * @throws {ObjectStoreError} some may be announced; announcing them again makes no second delivery while they wait.
   */
  readonly announce: (events: readonly LifecycleEvent[], expects?: Expectation) => Promise<Announcement>;
  /**
   * Delivers what waits: all endpoints at once, each in the order of arrival. Never rejects for what an endpoint does; an
   * outbox that cannot be read or written is a problem of its own. What waits for a day for an endpoint that is disabled
   * or not configured is dropped. Any number of drains may run at the same time.
   * @throws {LeaseLostError} the lease was lost on the way; nothing is under way any more.
   */
  readonly drain: (lease: Pick<Lease, 'assertHeld'>, limits: DrainLimits) => Promise<DrainResult>;
  /**
   * How the outboxes of the configured endpoints stand that are not disabled, in the order of the configuration.
   * @throws {ObjectStoreError} the store could not be used.
   */
  readonly backlogs: () => Promise<readonly EndpointBacklog[]>;
}

const NOTHING_TO_CONFIRM: Announcement = { confirm: () => Promise.resolve() };

/** For a system without event endpoints. */
export const noEvents: Events = {
  announce: () => Promise.resolve(NOTHING_TO_CONFIRM),
  drain: () => Promise.resolve({ counted: {}, problems: [] }),
  backlogs: () => Promise.resolve([]),
};
