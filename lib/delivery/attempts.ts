import type { Clock, Randomness } from '../platform/clock.ts';
import type { Acceptance, AttemptResult, NoAnswerCode } from './channel.ts';
import { classify, type Verdict } from './response-classification.ts';

/**
 * How one wake-up ended:
 * - `unstarted`: it could not have ended before the deadline, or we were told to stop
 * - `postponed`: the target asked to be left alone until `notBeforeMs`
 * - `cancelled`: before it was tried again its cause was gone
 * - `held`: nothing was to be started, `heldBy` says why
 * - `misconfigured`: nothing was sent, because of us and not of the target
 */
export interface Outcome {
  readonly kind:
    'success' | 'fail' | 'retire' | 'unstarted' | 'postponed' | 'cancelled' | 'held' | 'misconfigured';
  readonly reason: string;
  readonly attempts: number;
  /** The last attempt had no answer, and it, or one since the last answer, was long without one. */
  readonly timedOut?: boolean;
  /** Epoch milliseconds, with `postponed`. */
  readonly notBeforeMs?: number;
  readonly heldBy?: 'job_running';
  /** What the target's consent said, with `success`. */
  readonly acceptance?: Acceptance;
}

export interface AttemptPolicy {
  readonly attemptsMax: number;
  /** One attempt's limit. */
  readonly timeoutMs: number;
  /** Nothing may still be running after this moment, epoch milliseconds. */
  readonly deadlineMs: number;
}

export interface AttemptDeps {
  readonly clock: Clock;
  readonly random: Randomness;
  /** Aborted: nothing new is started. */
  readonly stop: AbortSignal;
  /**
   * Makes one attempt when it is its turn, and calls `begun` then: waiting for a turn is no slowness of the target. Without
   * that call it began at once. `no-time` when its turn came too late for it to end before the deadline.
   */
  readonly attempt: (begun: () => void) => Promise<AttemptResult | 'no-time'>;
  /** Takes one retry from what is allowed. */
  readonly mayRetry: () => boolean;
  /** False when the queue is known to hold no messages any more. */
  readonly isStillDue: () => boolean;
}

/**
 * An attempt that had no answer and took so long was held up, whatever ended it: name servers that are silent end it as
 * `dns` after some seconds. Whoever refuses is far quicker.
 */
const HELD_UP_MS = 2_000;
const BACKOFF_BASE_MS = 250;
const BACKOFF_MAX_MS = 5_000;
const CALLED_OFF = 'called off: the function is being stopped';

/**
 * Tries to wake a target, again after failures that may pass: exponential backoff with full jitter, never less than the
 * target asked for, within the retry budget, never past the deadline, and not once `stop` is aborted.
 */
export async function attemptRepeatedly(deps: AttemptDeps, policy: AttemptPolicy): Promise<Outcome> {
  const { clock, random, stop } = deps;
  let attempts = 0;
  // Kept until there is an answer: after a name server's silence the next attempts fail at once, as that is remembered.
  let timedOut = false;
  let failure: Outcome = { kind: 'unstarted', reason: 'no time left in this cycle', attempts };
  for (;;) {
    if (stop.aborted) return { kind: 'unstarted', reason: CALLED_OFF, attempts };
    if (attempts > 0 && !deps.isStillDue())
      return { kind: 'cancelled', reason: 'the queue was emptied before the next attempt', attempts };
    let begunMs = clock.nowMs();
    const result = await deps.attempt(() => {
      begunMs = clock.nowMs();
    });
    if (result === 'no-time')
      return stop.aborted ? { kind: 'unstarted', reason: CALLED_OFF, attempts } : failure;
    if (result.kind === 'misconfigured') return { kind: 'misconfigured', reason: result.message, attempts };
    if (result.kind === 'held')
      return { kind: 'held', heldBy: result.reason, reason: result.message, attempts };
    attempts += 1;
    if (result.kind === 'no-answer' && result.code === 'aborted')
      return { kind: 'unstarted', reason: CALLED_OFF, attempts };
    const verdict = classify(result, clock.nowMs());
    if (result.kind === 'accepted') {
      const { kind: _kind, ...acceptance } = result;
      return { kind: 'success', reason: verdict.reason, attempts, acceptance };
    }
    if (verdict.kind !== 'retry') return { kind: verdict.kind, reason: verdict.reason, attempts };
    timedOut = result.kind === 'no-answer' && (timedOut || isHeldUp(result.code, clock.nowMs() - begunMs));
    failure = { kind: 'fail', reason: verdict.reason, attempts, ...(timedOut ? { timedOut } : {}) };
    if ((verdict.retryAfterMs ?? 0) > BACKOFF_MAX_MS) return postponed(verdict, attempts, clock.nowMs());
    const delayMs = delayBefore(attempts, verdict, random);
    const isLast =
      attempts >= policy.attemptsMax || clock.nowMs() + delayMs + policy.timeoutMs > policy.deadlineMs;
    if (isLast) return failure;
    if (!deps.mayRetry()) return { ...failure, reason: `${verdict.reason}; the retry budget is used up` };
    await clock.sleep(delayMs, stop);
  }
}

function isHeldUp(code: NoAnswerCode, tookMs: number): boolean {
  return code === 'timeout' || tookMs >= HELD_UP_MS;
}

function postponed({ reason, retryAfterMs = 0 }: Verdict, attempts: number, nowMs: number): Outcome {
  return { kind: 'postponed', reason, attempts, notBeforeMs: nowMs + retryAfterMs };
}

function delayBefore(attempts: number, verdict: Verdict, random: Randomness): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** attempts);
  return Math.max(random.fraction() * ceiling, verdict.retryAfterMs ?? 0);
}
