import type { Clock } from '../platform/clock.ts';

/** Waits for `work` no longer than `timeoutMs`. What goes on behind it is left to itself, and its failure is nobody's. */
export async function inTime<T>(work: Promise<T>, clock: Clock, timeoutMs: number): Promise<T | 'timeout'> {
  work.catch(() => undefined);
  const over = new AbortController();
  try {
    return await Promise.race([work, clock.sleep(timeoutMs, over.signal).then(() => 'timeout' as const)]);
  } finally {
    over.abort();
  }
}
