import { RANGE_COUNTS, rangeLabelled } from '../../store/ranges.ts';
import { countOf, fieldsOf, textOf } from '../../store/stored-fields.ts';
import type { RangeRequest } from './fan-out.ts';

/** Where a function that runs notify cycles takes requests for one range. */
export const RANGE_PATH = '/range';

/** A request as it is sent, in JSON. */
export function encodeRangeRequest({ cycle, fence, range, sharedBy, budgetMs }: RangeRequest): string {
  return JSON.stringify({ cycle, fence, range: range.label, sharedBy, budgetMs });
}

/** What was sent, or `undefined` if it is no such request. Total: never throws. */
export function parseRangeRequest(text: string): RangeRequest | undefined {
  const { cycle, fence, range: label, sharedBy, budgetMs } = fieldsOf(jsonIn(text));
  const range = rangeLabelled(textOf(label) ?? '');
  const count = RANGE_COUNTS.find((one) => one === sharedBy);
  const budget = countOf(budgetMs);
  if (typeof cycle !== 'string' || cycle === '' || !Number.isSafeInteger(fence)) return undefined;
  if (range === undefined || count === undefined || budget === undefined) return undefined;
  return { cycle, fence: Number(fence), range, sharedBy: count, budgetMs: budget };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
