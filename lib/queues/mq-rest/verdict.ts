import type { QueueManagerErrorCode } from '../queue-depths.ts';

/** What went wrong and what an operator does about it: two full sentences, without secrets. */
export interface Verdict {
  readonly code: QueueManagerErrorCode;
  readonly what: string;
  readonly toDo: string;
  /** Another web server of the same queue manager may do better. */
  readonly tryElsewhere?: boolean;
  /** This web server does not offer what was asked; another API may be there. */
  readonly notOffered?: boolean;
  /** The user is known, and may not do or see this. */
  readonly forbidden?: boolean;
  /** What of the request was refused: less may be taken. */
  readonly refused?: Refused;
}

/** What a server refuses of a request. */
export interface Refused {
  readonly filter: boolean;
  /** Of those that it was asked for. */
  readonly attributes: readonly string[];
}

/** What came of one question. */
export type Answered<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly verdict: Verdict };

export const answered = <T>(value: T, warnings: readonly string[] = []): Answered<T> => ({
  ok: true,
  value,
  warnings,
});
export const failed = (verdict: Verdict): Answered<never> => ({ ok: false, verdict });
