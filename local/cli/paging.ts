import { listAt, textAt } from './answers.ts';
import { ApiError, type Api } from './api.ts';
import type { Form } from './forms.ts';

const PAGE: Form = ['mq_requests', 'list'];

/** More pages than any observer has: whoever answers with more is none. */
const PAGES_MAX = 10_000;

/** All pages of a listing, one after the other, as they are answered. `path` may have a query. */
export async function* pagesOf(api: Api, path: string): AsyncGenerator<unknown, void, undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const separator = path.includes('?') ? '&' : '?';
    const query = cursor === undefined ? '' : `${separator}cursor=${encodeURIComponent(cursor)}`;
    const { body } = await api.call({ method: 'GET', path: `${path}${query}`, form: PAGE });
    yield body;
    const next = textAt(body, 'next');
    if (next === undefined) return;
    if (next === cursor) throw new ApiError(`GET ${path} was answered with the same page again.`);
    cursor = next;
  }
  throw new ApiError(`GET ${path} was answered with more than ${PAGES_MAX} pages.`);
}

/** The registrations of all pages. */
export async function registrationsOf(api: Api, path: string): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const page of pagesOf(api, path)) for (const one of listAt(page, 'mq_requests')) found.push(one);
  return found;
}
