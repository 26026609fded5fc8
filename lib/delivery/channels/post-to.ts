import { HttpFailure, type HttpClient } from '../../platform/http-client.ts';
import type { AttemptResult, WakeUp } from '../channel.ts';

/** Of an answer only its status and `Retry-After` count; the body is read to this length so that the connection can be kept. */
const ANSWER_BYTES_MAX = 16 * 1024;

/** Headers that depend on the body and the moment: the signature, and under which origin we ask. */
export type Stamp = (wakeUpId: string, body: string) => Readonly<Record<string, string>>;

/** What a channel that posts needs. */
export interface PostDeps {
  readonly http: HttpClient;
  readonly stamp?: Stamp;
}

/** Posts one attempt of a wake-up to the URL of its registration. Never rejects for anything the network does. */
export async function postTo(
  { http, stamp }: PostDeps,
  wakeUp: WakeUp,
  headers: Readonly<Record<string, string>>,
  body: string,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<AttemptResult> {
  try {
    const answer = await http.send({
      method: 'POST',
      url: wakeUp.url ?? new URL(wakeUp.registration.notify),
      headers: {
        'user-agent': 'mq-observer',
        ...lowerCaseNames(wakeUp.headers),
        ...headers,
        ...stamp?.(wakeUp.id, body),
      },
      body,
      timeoutMs: limits.timeoutMs,
      answerBytesMax: ANSWER_BYTES_MAX,
      signal: limits.signal,
    });
    return { kind: 'answered', status: answer.status, retryAfter: answer.headers['retry-after'] };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return { kind: 'no-answer', code: error.code, message: error.message };
  }
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
