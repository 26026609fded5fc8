import type { Clock } from '../../lib/platform/clock.ts';

/** A clock that stands still until it is moved; a sleep moves it at once. It shows whole milliseconds, as real ones do. */
export interface VirtualClock extends Clock {
  readonly advance: (ms: number) => void;
}

export function createVirtualClock(startMs = Date.parse('2026-01-01T00:00:00Z')): VirtualClock {
  let nowMs = startMs;
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return {
    nowMs: () => Math.floor(nowMs),
    advance,
    sleep: async (ms) => {
      advance(ms);
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}
