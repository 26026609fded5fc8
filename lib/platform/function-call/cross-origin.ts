import type { HttpAnswer, HttpCall } from './http-call.ts';

/** The one other origin whose pages may call a function, and what they may ask (the CORS protocol of the Fetch standard). */
export interface CrossOrigin {
  /** As browsers send it: never `*`. */
  readonly origin: string;
  readonly paths: RegExp;
  readonly methods: readonly string[];
}

const REQUEST_HEADERS = 'authorization, content-type, if-match, if-none-match';
const ANSWER_HEADERS = 'etag, retry-after';
/** How long a browser may remember what it was allowed. */
const REMEMBERED_S = 600;

/**
 * The answer to a browser that asks whether a page may send a request; `undefined` for any other call, and for pages of
 * other origins. It carries no token, and says nothing that a token would protect.
 */
export function preflightAnswer(call: HttpCall, allowed: CrossOrigin | undefined): HttpAnswer | undefined {
  const isAsked = call.method === 'OPTIONS' && 'access-control-request-method' in call.headers;
  if (!isAsked || allowed === undefined || !isFrom(call, allowed)) return undefined;
  const headers = {
    'access-control-allow-methods': allowed.methods.join(', '),
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(REMEMBERED_S),
  };
  return { status: 204, body: '', headers };
}

/** What an answer needs so that a page of that origin may read it, a failure too; nothing for all others. Pure. */
export function crossOriginHeaders(
  call: HttpCall,
  allowed: CrossOrigin | undefined,
): Readonly<Record<string, string>> {
  if (allowed === undefined || !allowed.paths.test(call.path)) return {};
  if (!isFrom(call, allowed)) return { vary: 'origin' };
  return {
    'access-control-allow-origin': allowed.origin,
    'access-control-expose-headers': ANSWER_HEADERS,
    vary: 'origin',
  };
}

function isFrom({ headers, path }: HttpCall, { origin, paths }: CrossOrigin): boolean {
  return headers['origin'] === origin && paths.test(path);
}
