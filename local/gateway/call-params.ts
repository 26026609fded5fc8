import { requestBodyForm } from './media-type.ts';
import { functionHeaders } from './request-headers.ts';

/** One HTTP request, its target already split. */
export interface GatewayRequest {
  /** Upper case, as it came. */
  readonly method: string;
  /** The path as it came, still percent-encoded; `/` for the root. */
  readonly path: string;
  /** The query as it came, without the question mark; empty when there is none. */
  readonly query: string;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** What `main` receives: the five keys of the platform, and whatever the caller's body and query add. */
export type CallParams = Readonly<Record<string, unknown>>;

export type CallParamsResult =
  | { readonly kind: 'params'; readonly params: CallParams }
  | { readonly kind: 'refused'; readonly detail: string };

const RESERVED = /^__ce_/;

/**
 * Turns a request into the object that the platform hands to a function's `main`. A request that would set one of the
 * platform's own keys is refused, as the platform does with 400.
 *
 * One deliberate difference: where the platform itself answers 400 to JSON that does not parse, the request is passed on
 * without merged keys, so that the function's own message reaches the caller.
 */
export function toCallParams(request: GatewayRequest): CallParamsResult {
  const form = requestBodyForm(contentTypeOf(request.headers));
  const fromBody = form === 'json' ? topLevelKeys(request.body) : [];
  // Where both name a key, the body's value wins; of a name repeated in the query, the first.
  const fromQuery = [...new URLSearchParams(request.query)].toReversed();
  const reserved = [...fromQuery, ...fromBody].find(([key]) => RESERVED.test(key))?.[0];
  if (reserved !== undefined)
    return {
      kind: 'refused',
      detail: `${reserved}: names that start with __ce_ belong to the platform; choose another`,
    };
  const params = Object.fromEntries<unknown>([
    ...fromQuery,
    ...fromBody,
    ['__ce_method', request.method],
    ['__ce_headers', functionHeaders(request.headers)],
    ['__ce_path', request.path],
    ['__ce_query', request.query],
    ['__ce_body', request.body.toString(form === 'json' || form === 'binary' ? 'base64' : 'utf8')],
  ]);
  return { kind: 'params', params };
}

function contentTypeOf(headers: GatewayRequest['headers']): string | undefined {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return typeof value === 'string' ? value : value?.[0];
}

/** The entries of a JSON object; none for arrays, single values, nothing at all and what is not JSON. */
function topLevelKeys(body: Buffer): readonly (readonly [string, unknown])[] {
  if (body.length === 0) return [];
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  } catch {
    return [];
  }
}
