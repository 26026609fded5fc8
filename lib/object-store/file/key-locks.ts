import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Randomness } from '../../platform/clock.ts';
import { createLockTaking, LOCK_WAIT_MAX_MS } from './lock-taking.ts';
import { createSerialQueue } from './serial-queue.ts';
import { LOCK_FOLDER, type Workspace } from './workspace.ts';

/** Rejects when the lock was taken away: somebody decided that this holder is gone. */
export type AssertHeld = () => Promise<void>;

/** Locks by key that hold between the processes of one machine, and between all callers in a process. */
export interface KeyLocks {
  /**
   * Runs `work` while holding the locks of all `keys`, which are taken in one order by everybody.
   * @throws {ObjectStoreError} `unavailable`, naming the lock file, when they were not to be had within 10 seconds.
   */
  readonly hold: <T>(keys: readonly string[], work: (assertHeld: AssertHeld) => Promise<T>) => Promise<T>;
  /** Removes the locks of dead processes and of dead threads. */
  readonly sweep: () => Promise<void>;
}

export function createKeyLocks(deps: {
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly random: Randomness;
}): KeyLocks {
  const taking = createLockTaking(deps);
  const queue = createSerialQueue();
  // Counted from the call, not from its turn: callers that queue behind each other give up together.
  const deadline = (): number => deps.clock.nowMs() + LOCK_WAIT_MAX_MS;

  const holdOne = <T>(key: string, deadlineMs: number, work: (own: AssertHeld) => Promise<T>): Promise<T> =>
    queue.run(key, async () => {
      const name = createHash('sha256').update(key).digest('hex');
      const nonce = await taking.take(name, key, deadlineMs);
      try {
        return await work(() => taking.assertHeld(name, nonce));
      } finally {
        await taking.giveBack(name, nonce);
      }
    });

  return {
    hold: (keys, work) => {
      const ordered = [...new Set(keys)].toSorted();
      const deadlineMs = deadline();
      const holdFrom = (index: number, held: readonly AssertHeld[]): ReturnType<typeof work> => {
        const key = ordered[index];
        if (key !== undefined) return holdOne(key, deadlineMs, (own) => holdFrom(index + 1, [...held, own]));
        return work(async () => {
          for (const assertHeld of held) await assertHeld();
        });
      };
      return holdFrom(0, []);
    },
    sweep: async () => {
      for (const name of await readdir(join(deps.workspace.folder, LOCK_FOLDER)))
        await taking.removeStale(name, deadline());
    },
  };
}
