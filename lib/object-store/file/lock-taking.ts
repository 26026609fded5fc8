import { join } from 'node:path';
import type { Clock, Randomness } from '../../platform/clock.ts';
import { ObjectStoreError } from '../object-store.ts';
import { isStale, linkLock, lockFileText, readLock, type LockHolder } from './lock-file.ts';
import { LOCK_FOLDER, removeFile, type Workspace } from './workspace.ts';

/**
 * Taking one lock file, and taking it from the dead.
 *
 *     holder:   temporary file {pid, start, host, nonce} ── link(2) ──► .locks/<name> ── work ── unlink
 *     breaker:  reads nonce n of a dead holder, takes .locks/break-<n> in the same way, reads again:
 *               still n? unlink. Only who holds break-<n> removes a dead n, so nobody removes a successor's lock.
 */
export interface LockTaking {
  /** Takes the lock `name` and answers the nonce that it is held by. `about` is for whoever looks into the file. */
  readonly take: (name: string, about: string, deadlineMs: number) => Promise<string>;
  /** @throws {ObjectStoreError} `unavailable` when another process took the lock over. */
  readonly assertHeld: (name: string, nonce: string) => Promise<void>;
  /** Never rejects: what the holder did is done, and others will see who holds on. Leaves a successor's lock alone. */
  readonly giveBack: (name: string, nonce: string) => Promise<void>;
  /** Removes the lock when its holder is dead. */
  readonly removeStale: (name: string, deadlineMs: number) => Promise<void>;
}

/** How long a caller waits for a lock. */
export const LOCK_WAIT_MAX_MS = 10_000;

const POLL_MAX_MS = 20;
/** Giving back can fail for want of a file descriptor, which passes. */
const GIVE_BACK_ATTEMPTS_MAX = 8;
/** A breaker can die as well, and so can the breaker of its lock; more than this in a row is no accident. */
const BREAKS_NESTED_MAX = 8;

interface Waiting {
  readonly deadlineMs: number;
  readonly nested: number;
}

export function createLockTaking(deps: {
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly random: Randomness;
}): LockTaking {
  const { workspace, clock, random } = deps;
  const pathOf = (name: string): string => join(workspace.folder, LOCK_FOLDER, name);
  const isHeldBy = async (name: string, nonce: string): Promise<boolean> =>
    (await readLock(pathOf(name)))?.nonce === nonce;
  const staleHolder = async (holder: LockHolder | undefined): Promise<LockHolder | undefined> =>
    holder !== undefined && (await isStale(holder, workspace.owner, clock.nowMs())) ? holder : undefined;

  const take = async (name: string, about: string, waiting: Waiting): Promise<string> => {
    const nonce = random.uuid();
    const holder = { nonce, sinceMs: clock.nowMs(), process: workspace.owner, about };
    const tempPath = await workspace.writeTemp(lockFileText(holder), false);
    try {
      for (let attempt = 1; !(await linkLock(tempPath, pathOf(name))); attempt++)
        await waitFor(name, waiting, attempt);
    } finally {
      await removeFile(tempPath).catch(() => undefined);
    }
    return nonce;
  };

  /** Waits a little for the lock's holder, or removes the lock when the holder is dead. */
  const waitFor = async (name: string, waiting: Waiting, attempt: number): Promise<void> => {
    const holder = await readLock(pathOf(name));
    if (holder === undefined) return;
    if (await staleHolder(holder)) return breakLock(name, holder, waiting);
    if (clock.nowMs() >= waiting.deadlineMs) throw notToBeHad(pathOf(name), holder);
    await clock.sleep(1 + random.fraction() * Math.min(POLL_MAX_MS, 2 * attempt));
  };

  const breakLock = async (name: string, stale: LockHolder, waiting: Waiting): Promise<void> => {
    if (waiting.nested >= BREAKS_NESTED_MAX) throw notToBeHad(pathOf(name), stale);
    const breakName = `break-${stale.nonce}`;
    const nonce = await take(breakName, `breaks ${name}`, { ...waiting, nested: waiting.nested + 1 });
    try {
      if (await isHeldBy(name, stale.nonce)) await removeFile(pathOf(name));
    } finally {
      await giveBack(breakName, nonce);
    }
  };

  const giveBack: LockTaking['giveBack'] = async (name, nonce) => {
    for (let attempt = 1; attempt <= GIVE_BACK_ATTEMPTS_MAX; attempt++)
      try {
        return (await isHeldBy(name, nonce)) ? await removeFile(pathOf(name)) : undefined;
      } catch {
        await clock.sleep(POLL_MAX_MS * attempt);
      }
  };

  return {
    take: (name, about, deadlineMs) => take(name, about, { deadlineMs, nested: 0 }),
    giveBack,
    assertHeld: async (name, nonce) => {
      if (!(await isHeldBy(name, nonce))) throw lost(pathOf(name));
    },
    removeStale: async (name, deadlineMs) => {
      const stale = await staleHolder(await readLock(pathOf(name)));
      if (stale !== undefined) await breakLock(name, stale, { deadlineMs, nested: 0 });
    },
  };
}

function notToBeHad(path: string, holder: LockHolder): ObjectStoreError {
  const who = holder.process === undefined ? 'nobody who can be told' : `process ${holder.process.pid}`;
  return new ObjectStoreError(
    'unavailable',
    `could not get the lock ${path} within ${LOCK_WAIT_MAX_MS / 1000} s: ${who} holds it` +
      ` since ${new Date(holder.sinceMs).toISOString()}; is that process stopped, or the disk stuck?`,
  );
}

function lost(path: string): ObjectStoreError {
  return new ObjectStoreError(
    'unavailable',
    `the lock ${path} was taken over while this process stood still; nothing was written`,
  );
}
