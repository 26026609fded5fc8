import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../platform/clock.ts';
import { systemClock, systemRandomness as random } from '../../platform/system-clock.ts';
import { prepareFolder } from './housekeeping.ts';
import { createKeyLocks, type KeyLocks } from './key-locks.ts';
import { lockFileText, UNKNOWN_HOLDER_MAX_MS } from './lock-file.ts';
import { ownProcessMark, type ProcessMark } from './process-mark.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const KEY = 'a/b.json';
const START_MS = 1_800_000_000_000;
const TEST_MAX_MS = 30_000;
const ABSENT_PID = 2 ** 22 + 7;

let folder = '';
let own: ProcessMark;
let nowMs = START_MS;

/** Time passes only while somebody sleeps, and ten times as fast. */
const clock: Clock = {
  nowMs: () => nowMs,
  sleep: async (ms) => {
    nowMs += 10 * ms;
    await new Promise((resolve) => setImmediate(resolve));
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-locks-'));
  await prepareFolder(folder);
  own = await ownProcessMark();
  nowMs = START_MS;
});
afterEach(() => rm(folder, { recursive: true }));

const lockPath = (): string => join(folder, '.locks', createHash('sha256').update(KEY).digest('hex'));
const locksOf = (owner: ProcessMark, time: Clock = clock): KeyLocks =>
  createKeyLocks({ workspace: createWorkspace(folder, owner, random), clock: time, random });
const dead = (): ProcessMark => ({ ...own, pid: ABSENT_PID });
/** A thread of this process that is gone. */
const deadThread = (): ProcessMark => ({ ...own, thread: `${ABSENT_PID}.1` });
const foreign = (): ProcessMark => ({ ...own, host: 'ffffffffffff' });
const plant = (path: string, holder: ProcessMark, nonce: string): Promise<void> =>
  writeFile(path, lockFileText({ nonce, sinceMs: nowMs, process: holder, about: KEY }));
const leftOver = async (): Promise<readonly string[]> => [
  ...(await readdir(join(folder, '.locks'))),
  ...(await readdir(join(folder, '.tmp'))),
];

/** Holds the key's lock from when it resolves until `release`. */
async function holdOpen(
  locks: KeyLocks,
): Promise<{ release: () => Promise<void>; assertHeld: () => Promise<void> }> {
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  return new Promise((taken) => {
    const holding = locks.hold([KEY], async (assertHeld) => {
      taken({ assertHeld, release: () => (letGo(), holding) });
      await gate;
    });
  });
}

describe('the locks of keys', { timeout: TEST_MAX_MS }, () => {
  it('let one in at a time, in one process and between instances', async () => {
    const instances = [locksOf(own, systemClock), locksOf(own, systemClock)];
    let inside = 0;
    const enter = async (locks: KeyLocks): Promise<void> =>
      locks.hold([KEY], async () => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
      });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => enter(instances[n % 2] ?? locksOf(own, systemClock))),
    );
    expect(await leftOver()).toEqual([]);
  });

  it('do not keep others out when the work fails', async () => {
    const locks = locksOf(own);
    await expect(locks.hold([KEY], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await locks.hold([KEY], async () => 'in')).toBe('in');
    expect(await leftOver()).toEqual([]);
  });

  it('are taken in one order, so that nobody waits in a circle', async () => {
    const [a, b] = [locksOf(own, systemClock), locksOf(own, systemClock)];
    const work = async (): Promise<void> => {};
    const rounds = Array.from({ length: 10 }, () => [
      a.hold(['x', 'y', 'z'], work),
      b.hold(['z', 'x', 'y', 'x'], work),
    ]);
    // Waiting in a circle would end after ten seconds, with an error.
    await expect(Promise.all(rounds.flat())).resolves.toHaveLength(20);
  });

  it('say who holds a lock that is not to be had, all at the same time', async () => {
    const holder = await holdOpen(locksOf(own));
    const locks = locksOf(own);
    const waiting = Array.from({ length: 5 }, () => locks.hold([KEY], async () => 'in'));
    for (const result of await Promise.allSettled(waiting))
      expect(result).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'unavailable',
          message: expect.stringContaining(`${lockPath()} within 10 s: process ${own.pid}`),
        },
      });
    expect(nowMs - START_MS).toBeLessThan(11_000);
    await holder.release();
    expect(await leftOver()).toEqual([]);
  });
});

describe('a lock whose holder is gone', { timeout: TEST_MAX_MS }, () => {
  it('is taken over at once when the process is dead', async () => {
    await plant(lockPath(), dead(), 'dead');
    expect(await locksOf(own).hold([KEY], async () => 'in')).toBe('in');
    expect(nowMs).toBe(START_MS);
    expect(await leftOver()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over at once when its thread is dead and its process lives on',
    async () => {
      await plant(lockPath(), deadThread(), 'dead');
      await plant(join(folder, '.locks', 'break-dead'), deadThread(), 'dead2');
      expect(await locksOf(own).hold([KEY], async () => 'in')).toBe('in');
      expect(nowMs).toBe(START_MS);
      expect(await leftOver()).toEqual([]);
    },
  );

  it('is taken over when its breaker died as well', async () => {
    await plant(lockPath(), dead(), 'dead');
    await plant(join(folder, '.locks', 'break-dead'), dead(), 'dead2');
    await plant(join(folder, '.locks', 'break-dead2'), dead(), 'dead3');
    expect(await locksOf(own).hold([KEY], async () => 'in')).toBe('in');
    expect(await leftOver()).toEqual([]);
  });

  it('is taken over by one of many', async () => {
    await plant(lockPath(), dead(), 'dead');
    let inside = 0;
    const enter = (): Promise<void> =>
      locksOf(own, systemClock).hold([KEY], async () => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
      });
    await Promise.all(Array.from({ length: 8 }, enter));
    expect(await leftOver()).toEqual([]);
  });

  it('is not mistaken for its successor by a breaker that comes late', async () => {
    await plant(lockPath(), dead(), 'dead');
    // The late one has seen the dead holder. Before it gets the lock for breaking, another takes the key's lock over.
    let successor: Awaited<ReturnType<typeof holdOpen>> | undefined;
    const workspace = createWorkspace(folder, own, random);
    const slow: Workspace = {
      ...workspace,
      writeTemp: async (body, durable) => {
        if (successor === undefined && String(body).includes('breaks'))
          successor = await holdOpen(locksOf(own));
        return workspace.writeTemp(body, durable);
      },
    };
    const late = createKeyLocks({ workspace: slow, clock, random });
    await expect(late.hold([KEY], async () => 'in')).rejects.toMatchObject({ code: 'unavailable' });
    await successor?.assertHeld();
    await successor?.release();
  });

  it('is left alone for a minute when the holder cannot be looked at, and then taken over', async () => {
    const holder = await holdOpen(locksOf(foreign()));
    await expect(locksOf(own).hold([KEY], async () => 'in')).rejects.toMatchObject({ code: 'unavailable' });
    await holder.assertHeld();
    nowMs = START_MS + UNKNOWN_HOLDER_MAX_MS + 1;
    const successor = await holdOpen(locksOf(own));
    // The first one was only slow. It must find out before it writes, and leave the successor's lock alone.
    await expect(holder.assertHeld()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await holder.release();
    await successor.assertHeld();
    await successor.release();
    expect(await leftOver()).toEqual([]);
  });

  it.each(['', '{"pid":', '[]', '{"nonce":"../../x","sinceMs":0,"pid":1,"startTicks":"","host":""}'])(
    'is judged by its age when it holds %j',
    async (text) => {
      await writeFile(lockPath(), text);
      await utimes(lockPath(), START_MS / 1000, START_MS / 1000);
      await expect(locksOf(own).hold([KEY], async () => 'in')).rejects.toMatchObject({ code: 'unavailable' });
      nowMs = START_MS + UNKNOWN_HOLDER_MAX_MS + 1000;
      expect(await locksOf(own).hold([KEY], async () => 'in')).toBe('in');
    },
  );

  it('is swept away at the start, and a living one is not', async () => {
    await plant(lockPath(), dead(), 'dead');
    await plant(join(folder, '.locks', 'break-older'), dead(), 'dead2');
    await plant(join(folder, '.locks', 'living'), own, 'a11fe');
    await locksOf(own).sweep();
    expect(await leftOver()).toEqual(['living']);
  });
});
