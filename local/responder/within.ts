import type { Clock } from '../../lib/platform/clock.ts';

/** Waits for a result, but no longer than `timeoutMs`; then gives undefined, whatever becomes of it. */
export async function within<T>(timeoutMs: number, result: Promise<T>, clock: Clock): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([result, clock.sleep(timeoutMs, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}
