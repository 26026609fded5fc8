import type { Operation } from '../fault.ts';
import type { ApiAnswer } from './api-answer.ts';
import type { ApiExchange } from './operations.ts';
import { nextOf } from './page.ts';

/** Whether an operation answers with pages. */
export function isList(operation: Operation): boolean {
  return ['listProjects', 'listJobs', 'listJobRuns'].includes(operation);
}

/** The first page, whichever was asked for, with `start` as the way to the next. */
export function endlessAnswer(
  exchange: ApiExchange,
  work: (exchange: ApiExchange) => ApiAnswer,
  start: string,
): ApiAnswer {
  const query = new URLSearchParams(exchange.query);
  query.delete('start');
  const first = work({ ...exchange, query });
  if (first.status !== 200) return first;
  const page = JSON.parse(first.body) as { readonly limit: number }; // made here
  const next = nextOf({ url: `${exchange.baseUrl}${exchange.path}`, query }, page.limit, start);
  return { ...first, body: JSON.stringify({ ...page, next }) };
}
