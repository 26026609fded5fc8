import type { Clock } from '../platform/clock.ts';

/** Old enough to be found out anew. Probes and scrapers come more often than anything here changes. */
const SHARED_MS = 1_000;

/**
 * Shares what `load` gives: who asks while it is under way or within a second after waits for, or gets, the same. A failure
 * is shared only while under way.
 */
export function createShared<T>(clock: Clock, load: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  let known: { readonly value: T; readonly atMs: number } | undefined;

  const begin = async (): Promise<T> => {
    try {
      const value = await load();
      known = { value, atMs: clock.nowMs() };
      return value;
    } finally {
      underWay = undefined;
    }
  };

  return async () => {
    // Also when the clock was set back, what is known must not last.
    if (known !== undefined && Math.abs(clock.nowMs() - known.atMs) < SHARED_MS) return known.value;
    return (underWay ??= begin());
  };
}
