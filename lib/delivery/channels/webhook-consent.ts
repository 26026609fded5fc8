import { HttpFailure, type HttpClient } from '../../platform/http-client.ts';
import type { Channel } from '../channel.ts';

/**
 * The handshake of the CloudEvents webhook specification: before a target is woken it is asked by `OPTIONS` whether it
 * wants to be, under the origin that this deployment gives itself. Consent is in the headers; a status never is.
 */
export type Consent =
  | { readonly granted: true; readonly ratePerMinute?: number }
  | { readonly granted: false; readonly reason: string };

const ANSWER_BYTES_MAX = 4 * 1024;

interface QuestionLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Asks a target. Never rejects for anything the network does. */
export async function askConsent(
  http: HttpClient,
  url: string,
  origin: string,
  limits: QuestionLimits,
): Promise<Consent> {
  try {
    return await ask(http, url, origin, limits);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return { granted: false, reason: `it could not be asked (${error.code}: ${error.message})` };
  }
}

/** @throws {HttpFailure} there was no answer, which is neither consent nor refusal. */
async function ask(
  http: HttpClient,
  url: string,
  origin: string,
  { timeoutMs, signal }: QuestionLimits,
): Promise<Consent> {
  const { headers } = await http.send({
    method: 'OPTIONS',
    url: new URL(url).href,
    headers: { 'user-agent': 'mq-observer', 'webhook-request-origin': origin },
    timeoutMs,
    answerBytesMax: ANSWER_BYTES_MAX,
    ...(signal === undefined ? {} : { signal }),
  });
  return readConsent(headers, origin);
}

/** Reads the answer. Origins are compared whole, in any case of letters; a rate that is no number is none. */
export function readConsent(headers: Readonly<Record<string, string>>, origin: string): Consent {
  const allowed = headers['webhook-allowed-origin']?.trim();
  if (allowed === undefined || allowed === '')
    return { granted: false, reason: 'its answer to OPTIONS has no WebHook-Allowed-Origin' };
  if (allowed !== '*' && allowed.toLowerCase() !== origin.toLowerCase())
    return { granted: false, reason: 'its answer to OPTIONS allows another origin' };
  const rate = headers['webhook-allowed-rate']?.trim() ?? '*';
  return /^[1-9]\d{0,5}$/.test(rate) ? { granted: true, ratePerMinute: Number(rate) } : { granted: true };
}

/**
 * A channel that wakes only who consented. Registrations that were asked when they were made carry their consent; others
 * (seeds, imports, another origin since) are asked before each wake-up. Question and wake-up share the time of the
 * attempt. A question without an answer is judged as a wake-up without one: it may be asked again.
 */
export function withConsent(
  channel: Channel,
  deps: { readonly http: HttpClient; readonly origin: string },
): Channel {
  return {
    attempt: async (wakeUp, limits) => {
      const { consent, notify } = wakeUp.registration;
      if (consent?.origin === deps.origin) return channel.attempt(wakeUp, limits);
      const endMs = performance.now() + limits.timeoutMs;
      try {
        const answer = await ask(deps.http, notify, deps.origin, limits);
        if (!answer.granted)
          return { kind: 'impossible', message: `the target did not consent: ${answer.reason}` };
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        return { kind: 'no-answer', code: error.code, message: `asked for its consent: ${error.message}` };
      }
      return channel.attempt(wakeUp, { ...limits, timeoutMs: Math.max(1, endMs - performance.now()) });
    },
  };
}
