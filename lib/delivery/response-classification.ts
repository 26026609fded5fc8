import type { AttemptResult } from './channel.ts';

/**
 * What an attempt means for its registration:
 * - `success`: the target took it
 * - `retry`: it failed in a way that may pass; another attempt may be made
 * - `fail`: it failed in a way that repeating does not mend
 * - `retire`: the target is gone for good
 */
export interface Verdict {
  readonly kind: 'success' | 'retry' | 'fail' | 'retire';
  /** In words, for reports: never a body, never an address. */
  readonly reason: string;
  /** The target asked to be left alone for so long, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Statuses that may pass by themselves, after Knative's table and CloudEvents' 429. All 5xx are added to these. */
const PASSING: ReadonlySet<number> = new Set([404, 408, 409, 425, 429]);
/** The target says when to come back only with these. */
const SAYS_WHEN: ReadonlySet<number> = new Set([429, 503]);

/** The longest time that a target can ask for. */
const RETRY_AFTER_MAX_MS = 86_400_000;

/** How an attempt ended that was made. */
export type MadeAttempt = Exclude<AttemptResult, { readonly kind: 'held' | 'misconfigured' }>;

/** The one table from how an attempt ended to what it means. Pure and total. */
export function classify(result: MadeAttempt, nowMs: number): Verdict {
  if (result.kind === 'accepted') return { kind: 'success', reason: 'accepted' };
  if (result.kind === 'refused') return verdictOnRefusal(result);
  if (result.kind === 'impossible') return { kind: 'fail', reason: result.message };
  if (result.kind === 'no-answer')
    return {
      kind: result.code === 'blocked' ? 'fail' : 'retry',
      reason: `${result.code}: ${result.message}`,
    };
  const { status } = result;
  if (status >= 200 && status < 300) return { kind: 'success', reason: `status ${status}` };
  if (status === 410) return { kind: 'retire', reason: 'the target answered 410 Gone' };
  if (status >= 300 && status < 400)
    return { kind: 'fail', reason: `status ${status}: redirects are not followed` };
  if (!PASSING.has(status) && (status < 500 || status > 599))
    return { kind: 'fail', reason: `status ${status}` };
  const retryAfterMs = SAYS_WHEN.has(status) ? parseRetryAfter(result.retryAfter, nowMs) : undefined;
  return {
    kind: 'retry',
    reason: `status ${status}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function verdictOnRefusal(refusal: Extract<AttemptResult, { readonly kind: 'refused' }>): Verdict {
  const { message: reason, mayPass, retryAfterMs } = refusal;
  if (!mayPass) return { kind: 'fail', reason };
  if (retryAfterMs === undefined) return { kind: 'retry', reason };
  return { kind: 'retry', reason, retryAfterMs: Math.min(retryAfterMs, RETRY_AFTER_MAX_MS) };
}

/** The three forms of a date in HTTP, all in GMT: today's, RFC 850's and asctime's. `Date.parse` alone takes much more. */
const WITH_ZONE =
  /^(?:[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d) [\d:]{8} GMT$/;
const WITHOUT_ZONE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/;

/** Reads `Retry-After`, in seconds or as a date: 0 for a date that has passed, at most a day, nothing if malformed. */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  const given = text?.trim() ?? '';
  if (/^\d+$/.test(given)) return Math.min(Number(given) * 1000, RETRY_AFTER_MAX_MS);
  const atMs = WITH_ZONE.test(given)
    ? Date.parse(given)
    : WITHOUT_ZONE.test(given)
      ? Date.parse(`${given} GMT`)
      : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.min(Math.max(0, atMs - nowMs), RETRY_AFTER_MAX_MS);
}
