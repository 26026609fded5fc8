import type { Switches } from '../switches.ts';
import { ApiError } from './api-answer.ts';

/** One item of a list. Lists are in the order of `key`, which no two items share. */
export interface Listed {
  readonly key: string;
  readonly value: unknown;
}

/** What is asked of a list. */
export interface PageRequest {
  /** What the list is called in the answer. */
  readonly name: string;
  /** Without its query. */
  readonly url: string;
  readonly query: URLSearchParams;
  /** True: the greatest key first. */
  readonly isDescending: boolean;
  readonly limitOverMax: Switches['limitOverMax'];
}

const LIMIT_MAX = 100;

/**
 * One page of a list, with the way to the next where there is one. Items that come or go meanwhile move no other item to
 * another page.
 * @throws {ApiError} (400) for a `limit` or `start` that cannot be.
 */
export function pageOf(items: readonly Listed[], request: PageRequest): Readonly<Record<string, unknown>> {
  const { query, isDescending, name } = request;
  const limit = limitOf(request);
  const sign = isDescending ? -1 : 1;
  const sorted = items.toSorted((a, b) => sign * compare(a.key, b.key));
  const after = startOf(query);
  const rest = after === undefined ? sorted : sorted.filter(({ key }) => sign * compare(key, after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rest.length > page.length && last !== undefined;
  return {
    limit,
    first: { href: hrefOf(request, limit) },
    ...(hasMore ? { next: nextOf(request, limit, Buffer.from(last.key).toString('base64url')) } : {}),
    [name]: page.map(({ value }) => value),
  };
}

/** The way to a page. */
export function nextOf(request: Pick<PageRequest, 'url' | 'query'>, limit: number, start: string): unknown {
  return { href: hrefOf(request, limit, start), start };
}

function hrefOf({ url, query }: Pick<PageRequest, 'url' | 'query'>, limit: number, start?: string): string {
  const asked = new URLSearchParams(query);
  asked.set('limit', String(limit));
  asked.delete('start');
  if (start !== undefined) asked.set('start', start);
  return `${url}?${asked.toString()}`;
}

function limitOf({ query, limitOverMax }: PageRequest): number {
  const text = query.get('limit') ?? String(LIMIT_MAX);
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || (limit > LIMIT_MAX && limitOverMax === 'refused'))
    throw new ApiError(400, 'invalid_parameter', `limit is a whole number from 1 to ${LIMIT_MAX}`);
  return Math.min(limit, LIMIT_MAX);
}

function startOf(query: URLSearchParams): string | undefined {
  const token = query.get('start');
  if (token === null) return undefined;
  const key = Buffer.from(token, 'base64url');
  if (key.length > 0 && key.toString('base64url') === token) return key.toString();
  throw new ApiError(400, 'invalid_parameter', 'start is not a token of this list');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
