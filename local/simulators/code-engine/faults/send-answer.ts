import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../../lib/platform/clock.ts';
import type { ApiAnswer } from '../api/api-answer.ts';
import type { ParsedFault } from '../fault.ts';

/** What sending takes. */
export interface Sending {
  readonly response: ServerResponse;
  readonly fault: ParsedFault | undefined;
  /** Does what is asked, and gives the right answer. Called at most once. */
  readonly answer: () => ApiAnswer;
  /** The service's own error under a status. */
  readonly errorOf: (status: number) => ApiAnswer;
  readonly clock: Clock;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** Sends the right answer, or what the fault makes of it. Resolves when nothing is left to do. */
export async function sendAnswer(sending: Sending): Promise<void> {
  const { response, fault, answer, errorOf } = sending;
  switch (fault?.kind) {
    case 'status': {
      const { retryAfterS } = fault;
      const refusal = errorOf(fault.status);
      const headers = retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) };
      return send(response, { ...refusal, headers: { ...refusal.headers, ...headers } });
    }
    case 'hang':
      return; // the caller's patience or the end of the simulator ends it
    case 'reset':
      return cut(response);
    case 'lostAnswer':
      answer();
      return cut(response);
    case 'slow':
      await pause(sending, fault.ms);
      return send(response, answer());
    case 'body':
      return send(response, {
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: fault.text,
      });
    default:
      return send(response, answer());
  }
}

/** Cuts the connection without an answer. */
export function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Sends an answer as it is. */
export function send(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(body);
}

async function pause({ clock, closing, response }: Sending, ms: number): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  await clock.sleep(ms, AbortSignal.any([closing, gone.signal]));
  response.off('close', leave);
}
