import { randomUUID } from 'node:crypto';
import type { Clock, Randomness } from './clock.ts';

/** The machine's own clock and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** The platform's randomness; UUIDs come from the cryptographic source. */
export const systemRandomness: Randomness = { fraction: () => Math.random(), uuid: () => randomUUID() };
