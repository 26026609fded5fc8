import type { GatewayAnswer } from './call-result.ts';

/** What the gateway itself answers, in place of a function. */
export type PlatformProblemCode =
  | 'invalid-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'timed-out'
  | 'request-timeout'
  | 'too-large'
  | 'headers-too-large'
  | 'answer-too-large'
  | 'invalid-result'
  | 'too-many-calls'
  | 'internal'
  | 'function-failed'
  | 'overloaded'
  | 'stopping';

const TABLE: Readonly<Record<PlatformProblemCode, { readonly status: number; readonly title: string }>> = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'There is nothing here' },
  // 299 is what the platform answers to a call that it aborted; event producers take it as delivered.
  'timed-out': { status: 299, title: 'The function took too long and was ended' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'too-large': { status: 413, title: 'The body is too large' },
  'answer-too-large': { status: 416, title: 'The answer of the function is too large' },
  'invalid-result': { status: 422, title: 'The function answered something that is not an HTTP answer' },
  'too-many-calls': { status: 429, title: 'Too many calls are waiting' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong inside' },
  'function-failed': { status: 502, title: 'The function failed' },
  overloaded: { status: 503, title: 'Too much is coming in at the moment' },
  stopping: { status: 503, title: 'The host is stopping' },
};

/** An `application/problem+json` answer (RFC 9457) of the gateway's own. */
export function platformProblem(
  code: PlatformProblemCode,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): GatewayAnswer {
  const { status, title } = TABLE[code];
  const body = { type: `urn:mq-observer:problem:${code}`, title, status, detail };
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: Buffer.from(JSON.stringify(body)),
  };
}
