import type { Problem } from '../../lib/platform/problem.ts';

/** Time for one call, well below that of the function: past that the platform would answer with a success. */
export const CALL_MS_MAX = 45_000;

/** What a call answers that could not do all in its time, and goes on when it is made again. */
export function unfinished(detail: string): Problem {
  return { code: 'unavailable', detail, headers: { 'retry-after': '1' } };
}
