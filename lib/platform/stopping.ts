import { setMaxListeners } from 'node:events';

/** How a call learns that its instance is being stopped: first start nothing new, a while later give up what is left. */
export interface Stopping {
  /** Aborted at once: nothing new is started. */
  readonly stop: AbortSignal;
  /** Aborted a while later: what is still in flight is given up. */
  readonly abandon: AbortSignal;
}

/** What tells of signals: `process`, or its stand-in. */
interface SignalSource {
  readonly once: (signal: 'SIGTERM', listener: () => void) => unknown;
  readonly off: (signal: 'SIGTERM', listener: () => void) => unknown;
}

/** Time that what is in flight gets to finish, in milliseconds. Platforms kill ten seconds after the signal. */
export const STOP_GRACE_MS = 5_000;

/**
 * Runs a call that learns of SIGTERM. The signal is listened for only meanwhile: an idle instance ends as it always
 * would.
 */
export async function stoppable<T>(
  events: SignalSource,
  call: (stopping: Stopping) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const abandon = new AbortController();
  // Every exchange in flight listens to these: hundreds are no leak.
  setMaxListeners(0, stop.signal, abandon.signal);
  let grace: NodeJS.Timeout | undefined;
  const onSignal = (): void => {
    stop.abort();
    grace = setTimeout(() => abandon.abort(), STOP_GRACE_MS);
  };
  events.once('SIGTERM', onSignal);
  try {
    return await call({ stop: stop.signal, abandon: abandon.signal });
  } finally {
    clearTimeout(grace);
    events.off('SIGTERM', onSignal);
  }
}
