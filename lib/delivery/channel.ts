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
  /** Messages on it, at least 1; 0 for a test. */
  readonly depth: number;
  /** Names who asked for it: somebody wants to see whether the target can be woken, whatever the queue holds. */
  readonly test?: string;
  /** When it was woken last, epoch milliseconds, where that is known. */
  readonly lastWokenAtMs?: number;
  /** When the cycle decided, epoch milliseconds. */
  readonly decidedAtMs: number;
  /** The owner's own request headers, in clear. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Why there was no answer. `no-responders`: nobody listens there now. */
export type NoAnswerCode = HttpFailureCode | 'no-responders';

/** How one attempt ended, before anybody judged it. */
export type AttemptResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string | undefined }
  | { readonly kind: 'no-answer'; readonly code: NoAnswerCode; readonly message: string }
  /** The target took it, in a way that has no HTTP status. */
  | ({ readonly kind: 'accepted' } & Acceptance)
  /** The target, or who stands for it, said no. `mayPass`: trying again may help. */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly mayPass: boolean;
      readonly retryAfterMs?: number;
    }
  /** Nothing was to be started: an earlier start is not over, or there is no room for another one. No failure of anybody. */
  | { readonly kind: 'held'; readonly reason: 'job_running'; readonly message: string }
  /** This target cannot be woken at all. */
  | { readonly kind: 'impossible'; readonly message: string }
  /** Nothing was sent, because of us and not of the target: settings, or a service that only we depend on. */
  | { readonly kind: 'misconfigured'; readonly message: string };

/** What is kept of a target's consent. */
export interface Acceptance {
  /** The job run that was started. */
  readonly run?: string;
  /** Data that the reply carried, for the report: JSON, already limited in size. */
  readonly reply?: unknown;
  /** The node that passed the wake-up on and the reply back. */
  readonly relay?: string;
}

/** A way to reach a target. Never rejects: what goes wrong is a result. */
export interface Channel {
  readonly attempt: (
    wakeUp: WakeUp,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<AttemptResult>;
  /** Lets go of what is held for one cycle, such as a connection that does not survive a frozen instance. Never rejects. */
  readonly endCycle?: () => Promise<void>;
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
