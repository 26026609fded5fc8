import type { HttpFailureCode } from '../platform/http-client.ts';
import type { RegistrationRecord } from '../registration/registration.ts';

/** One reason to wake one registration, told in one or more attempts. */
export interface WakeUp {
  /** The same on every attempt, so that a target can tell a repetition. */
  readonly id: string;
  readonly registration: RegistrationRecord;
  /** Where to, when the target is a URL. */
  readonly url?: URL;
  /** The queue that holds messages. */
  readonly queue: string;
  /** Messages on it, at least 1. */
  readonly depth: number;
  /** When the cycle decided, epoch milliseconds. */
  readonly decidedAtMs: number;
  /** The owner's own request headers, in clear. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How one attempt ended, before anybody judged it. */
export type AttemptResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string | undefined }
  | { readonly kind: 'no-answer'; readonly code: HttpFailureCode; readonly message: string }
  /** This target cannot be woken at all. */
  | { readonly kind: 'impossible'; readonly message: string };

/** A way to reach a target. Never rejects: what goes wrong is a result. */
export interface Channel {
  readonly attempt: (
    wakeUp: WakeUp,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<AttemptResult>;
}

/** What every target receives, in every mode: five texts. */
export interface WakeUpPayload {
  readonly CE_QMGR: string;
  readonly CE_QUEUE: string;
  readonly CE_DEPTH: string;
  readonly ID: string;
  readonly notification: string;
}

export function payloadOf(wakeUp: WakeUp): WakeUpPayload {
  return {
    CE_QMGR: wakeUp.registration.qmgr,
    CE_QUEUE: wakeUp.queue,
    CE_DEPTH: String(wakeUp.depth),
    ID: wakeUp.registration.id,
    notification: 'messages found on queue',
  };
}
