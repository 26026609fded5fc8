/** Work was given up because its time was over. It may still go on. */
export class TimeOver extends Error {
  override readonly name = 'TimeOver';
}

/**
 * Does work that is given up after `ms` milliseconds, or when `stop` is aborted: its signal is aborted then, and the
 * promise rejects with the reason ({@link TimeOver} for the first), whether the work listens or not.
 */
export async function withinTime<T>(
  ms: number,
  stop: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const onStop = (): void => giveUp.abort(new Error('the run is to end'));
  const timer = setTimeout(() => giveUp.abort(new TimeOver(`it took longer than ${ms} ms`)), ms);
  if (stop?.aborted) onStop();
  stop?.addEventListener('abort', onStop);
  const { signal } = giveUp;
  const givenUp = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail);
  });
  try {
    return await Promise.race([givenUp, work(signal)]);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}
