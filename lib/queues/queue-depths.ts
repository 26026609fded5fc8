/** The port to queue managers: who holds messages, asked once per queue manager and cycle. */

/** What is known of one queue that holds messages. `depth` counts messages, at least 1. */
export interface QueueReading {
  readonly queue: string;
  readonly depth: number;
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

/** One queue manager's answer. Queues that are not in `queues` hold no messages, or do not exist. */
export type QueueManagerReading =
  | { readonly kind: 'read'; readonly queues: ReadonlyMap<string, QueueReading> }
  | { readonly kind: 'failed'; readonly code: QueueManagerErrorCode; readonly message: string };

export interface QueueDepths {
  /** The names of the configured queue managers, in the order of the configuration. */
  readonly queueManagers: readonly string[];
  /**
   * Reads the depths of all local queues of one queue manager that hold messages: one request, one timeout, no retry.
   * Never rejects: a failure is an answer. `message` says what, where, and what to do, without secrets.
   */
  readonly read: (qmgr: string, signal: AbortSignal) => Promise<QueueManagerReading>;
}
