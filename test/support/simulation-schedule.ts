import { setImmediate as turnOfLoop } from 'node:timers/promises';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import type { Clock, Randomness } from '../../lib/platform/clock.ts';

/** Decides by its seed what happens next: which call of the store takes effect or is answered, or how time passes. */
export interface Schedule {
  /** Stands still between steps. A sleep ends when its time has come and its turn. */
  readonly clock: Clock;
  /** Puts the clock forwards or back; sleeps last as long as before. */
  readonly jump: (ms: number) => void;
  /** A view of an object store whose calls take effect, and whose answers arrive, when it is their turn. */
  readonly through: (objects: ObjectStore) => ObjectStore;
  /** Lets things happen until `work` is done. */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
  readonly steps: () => number;
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** One step of work takes up to so long. */
const STEP_MS_MAX = 40;
/** How often time passes to the next sleeper although there is work to do. */
const LEAP_SHARE = 0.04;
const STEPS_MAX = 200_000;

export function createSchedule(random: Randomness, startMs = Date.parse('2026-01-01T00:00:00Z')): Schedule {
  const turns: (() => void)[] = [];
  const sleepers: Sleeper[] = [];
  let elapsedMs = 0;
  let offsetMs = startMs;
  let working = 0;
  let steps = 0;

  const inTurn: InTurn = async (apply) => {
    await new Promise<void>((resolve) => turns.push(resolve));
    working += 1;
    try {
      return await apply();
    } finally {
      working -= 1;
      await new Promise<void>((resolve) => turns.push(resolve));
    }
  };

  /** Resolves when everybody waits for a turn or for time to pass. */
  const quiet = async (): Promise<void> => {
    do await turnOfLoop();
    while (working > 0);
  };

  const take = <T>(list: T[], index: number): T | undefined => list.splice(index, 1)[0];

  const step = (): void => {
    steps += 1;
    elapsedMs += Math.floor(random.fraction() * STEP_MS_MAX);
    sleepers.sort((a, b) => a.dueMs - b.dueMs);
    const due = sleepers.filter(({ dueMs }) => dueMs <= elapsedMs).length;
    const choice = Math.floor(random.fraction() * (turns.length + due));
    const leaps = turns.length + due === 0 || (sleepers.length > 0 && random.fraction() < LEAP_SHARE);
    if (!leaps && choice < turns.length) return take(turns, choice)?.();
    const sleeper = take(sleepers, leaps ? 0 : choice - turns.length);
    if (sleeper === undefined) throw new Error('everybody waits for something that never comes');
    elapsedMs = Math.max(elapsedMs, sleeper.dueMs);
    sleeper.wake();
  };

  return {
    clock: {
      nowMs: () => Math.floor(offsetMs + elapsedMs),
      sleep: (ms) => new Promise((wake) => sleepers.push({ dueMs: elapsedMs + ms, wake })),
    },
    jump: (ms) => {
      offsetMs += ms;
    },
    through: (objects) => withTurns(objects, inTurn),
    run: async (work) => {
      let done = false;
      const last = steps + STEPS_MAX;
      const finished = work.finally(() => (done = true));
      finished.catch(() => undefined);
      for (await quiet(); !done; await quiet()) {
        if (steps > last) throw new Error('it goes on and on');
        step();
      }
      return finished;
    },
    steps: () => steps,
  };
}

/** Waits for a turn before the effect, and for another before the answer. */
type InTurn = <T>(apply: () => Promise<T>) => Promise<T>;

function withTurns(objects: ObjectStore, inTurn: InTurn): ObjectStore {
  return {
    get: (key, options) => inTurn(() => objects.get(key, options)),
    put: (key, body, condition) => inTurn(() => objects.put(key, body, condition)),
    delete: (keys) => inTurn(() => objects.delete(keys)),
    list: (prefix, options) => inTurn(() => objects.list(prefix, options)),
  };
}
