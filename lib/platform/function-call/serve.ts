import { ObjectStoreError } from '../../object-store/object-store.ts';
import type { Clock } from '../clock.ts';
import { describeError, type Logger } from '../logging.ts';
import { ProblemError, type Problem } from '../problem.ts';
import { crossOriginHeaders, preflightAnswer, type CrossOrigin } from './cross-origin.ts';
import { decodeCall } from './decode-call.ts';
import { encodeAnswer } from './encode-answer.ts';
import type { FunctionAnswer, HttpAnswer, HttpCall } from './http-call.ts';

/** What serving takes. */
export interface ServeDeps {
  readonly log: Logger;
  readonly clock: Clock;
  /** Told of what a handler threw and no caller is to blame for. */
  readonly failed?: (error: unknown) => void;
  /** Absent: pages of other origins get nothing. */
  readonly crossOrigin?: CrossOrigin;
}

export type Handler = (call: HttpCall) => Promise<HttpAnswer>;

/**
 * Makes the `main` of a function: decodes the call, runs the handler, logs one line, and answers whatever happens.
 * The result never throws and never rejects: on the platform that would cost the instance.
 */
export function serve(handle: Handler, deps: ServeDeps) {
  return async (params: unknown): Promise<FunctionAnswer> => {
    const startedMs = deps.clock.nowMs();
    const call = decodeCall(params);
    const preflight = preflightAnswer(call, deps.crossOrigin);
    const answer = preflight === undefined ? await answerOf(handle, call, deps) : encodeAnswer(preflight);
    const encoded = {
      ...answer,
      headers: { ...answer.headers, ...crossOriginHeaders(call, deps.crossOrigin) },
    };
    deps.log.debug('call answered', {
      method: call.method,
      path: call.path,
      status: encoded.statusCode,
      durationMs: deps.clock.nowMs() - startedMs,
    });
    return encoded;
  };
}

async function answerOf(
  handle: Handler,
  call: HttpCall,
  { log, failed }: ServeDeps,
): Promise<FunctionAnswer> {
  try {
    return encodeAnswer(await handle(call));
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code === 'internal' || problem.code === 'unavailable' || problem.code === 'misconfigured') {
      failed?.(error);
      log.debug('call failed', { method: call.method, path: call.path, cause: describeError(error) });
    }
    return encodeAnswer({ problem });
  }
}

/** The one table from what was thrown to what is answered. */
function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof ObjectStoreError)
    return {
      code: 'unavailable',
      detail: `The registration store could not be used (${error.code}). Nothing was confirmed; try again.`,
      headers: { 'retry-after': '5' },
    };
  return { code: 'internal', detail: 'An unexpected failure; the log of the function has the cause.' };
}
