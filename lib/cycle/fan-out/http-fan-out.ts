import type { Signer } from '../../delivery/signing/standard-webhooks.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HttpClient, IncomingAnswer } from '../../platform/http-client.ts';
import type { FanOut } from './fan-out.ts';
import { RangeUnservedError } from '../../errors/range-unserved-error.ts';
import { encodeRangeRequest, parseRefusal, RANGE_PATH } from './range-wire.ts';

export interface HttpFanOutDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** The URL of the function itself, without a trailing slash. */
  readonly url: string;
  readonly sign: Signer;
}

/** No more of an answer is needed than what says why it is no success. */
const ANSWER_BYTES_MAX = 4096;
/** Answers of a platform that is starting instances: nothing was done, and soon it may be. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);
const ATTEMPTS_MAX = 3;
const PAUSE_MS = 1_000;

/** Asks for ranges by HTTP, at the function's own URL. */
export function createHttpFanOut(deps: HttpFanOutDeps): FanOut['call'] {
  const { http, clock, url, sign } = deps;
  return async (request, { timeoutMs, signal }) => {
    const endMs = clock.nowMs() + timeoutMs;
    const body = encodeRangeRequest(request);
    const send = (): Promise<IncomingAnswer> =>
      http.send({
        ...{ method: 'POST', url: `${url}${RANGE_PATH}`, body, signal, answerBytesMax: ANSWER_BYTES_MAX },
        headers: {
          'content-type': 'application/json',
          ...sign(`${request.cycle}.${request.range.label}`, clock.nowMs(), body),
        },
        timeoutMs: Math.max(1, endMs - clock.nowMs()),
      });
    for (let attempt = 1; ; attempt++) {
      const { status, body: answer } = await send();
      if (status === 200) return parseRefusal(answer.toString('utf8'));
      if (!BUSY.has(status) || attempt === ATTEMPTS_MAX) throw new RangeUnservedError(refusedWith(status));
      await clock.sleep(PAUSE_MS * attempt, signal);
    }
  };
}

function refusedWith(status: number): string {
  return `the function at FANOUT_URL answered ${status}: it must be notify-cycle itself, with the same ENCRYPTION_KEYS and a clock that is right, and take requests within a minute`;
}
