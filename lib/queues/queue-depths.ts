/** The port to queue managers: who holds messages, asked once per queue manager and cycle. */

/** What is known of one queue that holds messages. */
export interface QueueReading {
  /** By the name that was asked for: for an alias the alias, not its target. */
  readonly queue: string;
  /** Messages on it, at least 1: those that nobody can get yet (uncommitted) and expired ones included. */
  readonly depth: number;
  /** How old the oldest message is; absent when not asked for, or when MQ does not monitor the queue. */
  readonly oldestMessageAgeMs?: number;
  /** How many have it open for input; absent when not asked for, or not known. */
  readonly openInputCount?: number;
  /** Nobody can get messages from it (`GET(DISABLED)`). */
  readonly getInhibited?: true;
  /** It is here because it was named exactly: no pattern means it (`SYSTEM.…`, transmission, temporary, an alias). */
  readonly hidden?: true;
}

/** What is asked of a queue manager: only this is kept of its answer. */
export interface Wanted {
  /** Names as registered: exact ones, and ones with a trailing `*`. */
  readonly names: ReadonlySet<string>;
  /** Whatever holds messages is wanted, what no pattern means and aliases included: who waits for it is not known here. */
  readonly everyName?: true;
  /** Some registration has a rule on the age of messages. */
  readonly oldestMessageAge: boolean;
  /** Some registration has a rule on who has the queue open. */
  readonly openInputCount: boolean;
}

/**
 * Why a queue manager could not be read:
 * - `not-configured`: no entry of that name
 * - `rejected`: it refused us (login, role, name): stays so until somebody changes the configuration
 * - `unreachable`: no connection, DNS or TLS failure
 * - `timeout`: no complete answer in time
 * - `unavailable`: it answered with a failure of its own (not running, standby, 5xx)
 * - `unreadable`: it answered something that is not an answer (HTML, cut JSON, too large)
 */
export type QueueManagerErrorCode =
  'not-configured' | 'rejected' | 'unreachable' | 'timeout' | 'unavailable' | 'unreadable';

/** One queue manager's answer. */
export type QueueManagerReading =
  | {
      readonly kind: 'read';
      /** Queues that match a wanted name and hold messages, by name. */
      readonly queues: ReadonlyMap<string, QueueReading>;
      /** Exact names that the queue manager said do not exist. Not all of them are found out at once. */
      readonly notFound: ReadonlySet<string>;
      /** What was left out or fell short, in words: an attribute that the server rejects, a queue that is damaged. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'failed'; readonly code: QueueManagerErrorCode; readonly message: string };

export interface QueueDepths {
  /** The names of the configured queue managers, in the order of the configuration. */
  readonly queueManagers: readonly string[];
  /**
   * Reads the depths of one queue manager within one time limit. Never rejects: a failure is an answer. `message` says
   * what, where, and what to do, without secrets.
   */
  readonly read: (qmgr: string, wanted: Wanted, signal: AbortSignal) => Promise<QueueManagerReading>;
}
