/** A text message of a queue. */
export interface Message {
  /** 48 hexadecimal digits. */
  readonly id: string;
  readonly text: string;
}

/** What came of looking at a message. */
export type Browsed =
  | { readonly kind: 'message'; readonly message: Message }
  /** It is not there any more. */
  | { readonly kind: 'gone' }
  /** It is there, and cannot be had over REST: it is no text, or too large. */
  | { readonly kind: 'unreadable'; readonly why: string }
  /** The queue manager did not give it, now or at all. Others may be had all the same. */
  | { readonly kind: 'refused'; readonly why: string };

/** One queue. Everything throws {MqError} when the queue manager cannot be asked for anything. */
export interface MessageQueue {
  /** The ids of the first `limit` messages at most. All stay on the queue. */
  readonly list: (limit: number) => Promise<readonly string[]>;
  /** Reads a message, which stays on the queue. */
  readonly browse: (id: string) => Promise<Browsed>;
  /** Takes a message off the queue for good. False when it was not there any more. */
  readonly confirm: (id: string) => Promise<boolean>;
}

/** The queue manager cannot be asked, or refuses. */
export class MqError extends Error {
  override readonly name = 'MqError';
}
