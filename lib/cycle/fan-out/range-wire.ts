import { RANGE_COUNTS, rangeLabelled } from '../../store/ranges.ts';
import { countOf, fieldsOf, textOf } from '../../store/stored-fields.ts';
import type { RangeRequest } from './fan-out.ts';

/** Where a function that runs notify cycles takes requests for one range. */
export const RANGE_PATH = '/range';

/** A request as it is sent, in JSON. */
export function encodeRangeRequest({ range, ...rest }: RangeRequest): string {
  return JSON.stringify({ ...rest, range: range.label });
}

/** What was sent, or `undefined` if it is no such request. Total: never throws. */
export function parseRangeRequest(text: string): RangeRequest | undefined {
  const { cycle, fence, fenceBefore, range: label, sharedBy, budgetMs } = fieldsOf(jsonIn(text));
  const range = rangeLabelled(textOf(label) ?? '');
  const count = RANGE_COUNTS.find((one) => one === sharedBy);
  const budget = countOf(budgetMs);
  if (typeof cycle !== 'string' || cycle === '' || !isFence(fence) || !isFence(fenceBefore)) return undefined;
  if (range === undefined || count === undefined || budget === undefined) return undefined;
  return { cycle, fence, fenceBefore, range, sharedBy: count, budgetMs: budget };
}

/** What the answer to such a request says of why nothing was done. Total: never throws. */
export function parseRefusal(text: string): string | undefined {
  const { outcome, reason } = fieldsOf(jsonIn(text));
  return outcome === 'skipped' || outcome === 'failed' ? (textOf(reason) ?? outcome) : undefined;
}

function isFence(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
