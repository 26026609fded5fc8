import type { Clock } from '../platform/clock.ts';
import type { CycleLook, LastRun, StoredReports } from './stored-reports.ts';

/** A clock that a test moves; sleeps end when it has moved far enough. */
export interface MovedClock extends Clock {
  /** Moves it, and lets what waited for that go on. */
  readonly move: (ms: number) => Promise<void>;
}

export const START_MS = Date.UTC(2026, 10, 22, 12);

export function createMovedClock(): MovedClock {
  let nowMs = START_MS;
  const sleeping = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const one = { untilMs: nowMs + ms, wake: resolve };
        sleeping.add(one);
        signal?.addEventListener('abort', () => {
          sleeping.delete(one);
          resolve();
        });
      }),
    move: async (ms) => {
      nowMs += ms;
      for (const one of sleeping) if (one.untilMs <= nowMs) one.wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export const NO_LOOK: CycleLook = { last: undefined, counters: {}, damagedKey: undefined };

export function aRun(given: Partial<LastRun> = {}): LastRun {
  return {
    startedMs: START_MS,
    durationMs: 1_500,
    outcome: 'completed',
    problems: [],
    damaged: [],
    registrations: {},
    queueManagers: [],
    ...given,
  };
}

/** Reports of which a test gives what matters to it. */
export function reportsOf(given: Partial<StoredReports> = {}): StoredReports {
  return { notify: NO_LOOK, restore: NO_LOOK, persist: NO_LOOK, ...given };
}
