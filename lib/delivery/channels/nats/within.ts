import type { Clock } from '../../../platform/clock.ts';

/** How long something may take, and what ends it sooner. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Waits for `work` no longer than allowed. What goes on behind it is left to itself, and its failure is nobody's. */
export async function within<T>(
  work: Promise<T>,
  clock: Clock,
  { timeoutMs, signal }: Limits,
): Promise<T | 'timeout' | 'aborted'> {
  work.catch(() => undefined);
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const limit = clock.sleep(timeoutMs, over.signal);
    return await Promise.race([work, limit.then(() => (signal.aborted ? 'aborted' : 'timeout'))]);
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}
