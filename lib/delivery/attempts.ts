import type { Clock, Randomness } from '../platform/clock.ts';
import type { AttemptResult } from './channel.ts';
import { classify, type Verdict } from './response-classification.ts';

/** How one wake-up ended. `unstarted`: it could not have ended before the deadline, or we were told to stop. */
export interface Outcome {
  readonly kind: 'success' | 'fail' | 'retire' | 'unstarted';
  readonly reason: string;
  readonly attempts: number;
}

export interface AttemptPolicy {
  readonly attemptsMax: number;
  /** One attempt's limit. */
  readonly timeoutMs: number;
  /** Nothing may still be running after this moment, epoch milliseconds. */
  readonly deadlineMs: number;
}

const BACKOFF_BASE_MS = 250;
const BACKOFF_MAX_MS = 5_000;
const CALLED_OFF = 'called off: the function is being stopped';

/**
 * Tries to wake a target, again after failures that may pass: exponential backoff with full jitter, never less than the
 * target asked for, never past the deadline, and not once `stop` is aborted.
 */
export async function attemptRepeatedly(
  deps: { readonly clock: Clock; readonly random: Randomness; readonly stop: AbortSignal },
  policy: AttemptPolicy,
  attempt: (timeoutMs: number) => Promise<AttemptResult>,
): Promise<Outcome> {
  const { clock, random, stop } = deps;
  let attempts = 0;
  let failure = '';
  for (;;) {
    if (stop.aborted) return { kind: 'unstarted', reason: CALLED_OFF, attempts };
    // Also after a pause, which may have taken longer than it should.
    if (clock.nowMs() + policy.timeoutMs > policy.deadlineMs)
      return attempts === 0
        ? { kind: 'unstarted', reason: 'no time left in this cycle', attempts }
        : { kind: 'fail', reason: failure, attempts };
    const result = await attempt(policy.timeoutMs);
    attempts += 1;
    if (result.kind === 'no-answer' && result.code === 'aborted')
      return { kind: 'unstarted', reason: CALLED_OFF, attempts };
    const verdict = classify(result, clock.nowMs());
    if (verdict.kind !== 'retry') return { kind: verdict.kind, reason: verdict.reason, attempts };
    failure = verdict.reason;
    const delayMs = delayBefore(attempts, verdict, random);
    const isLast =
      attempts >= policy.attemptsMax || clock.nowMs() + delayMs + policy.timeoutMs > policy.deadlineMs;
    if (isLast || delayMs > BACKOFF_MAX_MS) return { kind: 'fail', reason: failure, attempts };
    await clock.sleep(delayMs, stop);
  }
}

function delayBefore(attempts: number, verdict: Verdict, random: Randomness): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** attempts);
  return Math.max(random.fraction() * ceiling, verdict.retryAfterMs ?? 0);
}
