import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileObjectStore } from '../../lib/object-store/file/file-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { casIncrement, readCount } from '../support/cas-increment.ts';
import { bundleWorker, startWorker, type Worker, type WorkerScript } from '../support/worker-processes.ts';

const KEY = 'counters/one.json';
const PROCESSES = 8;
const FOREVER = 1_000_000;
const TEST_MAX_MS = 60_000;

let script: WorkerScript;
let folder = '';
let workers: Worker[] = [];

beforeAll(async () => {
  script = await bundleWorker('increment-worker.ts');
}, TEST_MAX_MS);
afterAll(() => script.remove());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-store-'));
});
afterEach(async () => {
  for (const worker of workers) worker.signal('SIGKILL');
  await Promise.allSettled(workers.map(({ ended }) => ended));
  workers = [];
  await rm(folder, { recursive: true });
});

const openStore = (clock: Clock = systemClock): ObjectStore =>
  createFileObjectStore({ folder, clock, random: systemRandomness });
const start = (times: number): Worker => {
  const worker = startWorker(script, [folder, KEY, String(times)]);
  workers.push(worker);
  return worker;
};
const startAll = (processes: number, times: number): readonly Worker[] =>
  Array.from({ length: processes }, () => start(times));
const acknowledged = (): number => workers.reduce((sum, worker) => sum + worker.count('acknowledged'), 0);
const filesIn = (name: string): Promise<readonly string[]> => readdir(join(folder, name));

/** Reads and lists the counter until `done`, and fails when it is ever missing, torn or set back. */
async function watch(store: ObjectStore, progress: { readonly done: boolean }): Promise<number> {
  let looks = 0;
  for (let last = 1; !progress.done; looks++) {
    const count = await readCount(store, KEY);
    expect(count).toBeGreaterThanOrEqual(last);
    const { objects } = await store.list('counters/');
    expect(objects.map(({ key }) => key)).toEqual([KEY]);
    last = count;
    await sleep(1);
  }
  return looks;
}

/** One place for a process: starts one, kills it at a random moment, starts the next, until `enough`. */
async function reviveUntil(enough: () => boolean): Promise<number> {
  for (let kills = 0; ; kills++) {
    if (enough()) return kills;
    const worker = start(FOREVER);
    await worker.said('ready');
    // Mostly soon, while it is still opening the store; now and then after it has done some work.
    await sleep(Math.random() ** 2 * 600);
    worker.signal('SIGKILL');
    await worker.ended;
  }
}

describe('the file store under several processes', { timeout: TEST_MAX_MS }, () => {
  it('loses none of 400 increments by 8 processes', async () => {
    startAll(PROCESSES, 400 / PROCESSES);
    await Promise.all(workers.map(({ ended }) => ended));
    expect(acknowledged()).toBe(400);
    expect(await readCount(openStore(), KEY)).toBe(400);
    expect(await filesIn('counters')).toHaveLength(1);
    expect([...(await filesIn('.locks')), ...(await filesIn('.tmp'))]).toEqual([]);
  });

  it('loses no acknowledged increment when processes are killed in the middle of writes', async () => {
    await casIncrement(openStore(), KEY);
    const progress = { done: false };
    const watching = watch(openStore(), progress);
    const enough = (): boolean => acknowledged() >= 80 && workers.length >= 32;
    const kills = await Promise.all(Array.from({ length: PROCESSES }, () => reviveUntil(enough)));
    progress.done = true;
    expect(await watching).toBeGreaterThan(20);

    const killed = kills.reduce((sum, count) => sum + count, 0);
    const after = openStore();
    const count = await readCount(after, KEY);
    expect(count).toBeGreaterThanOrEqual(1 + acknowledged());
    expect(count).toBeLessThanOrEqual(1 + acknowledged() + killed);
    await casIncrement(after, KEY);
    expect(await readCount(after, KEY)).toBe(count + 1);
    expect(await filesIn('counters')).toHaveLength(1);
    expect([...(await filesIn('.locks')), ...(await filesIn('.tmp'))]).toEqual([]);
  });

  it('loses nothing when processes are stopped in the middle of writes and go on later', async () => {
    startAll(4, 25);
    const progress = { done: false };
    const stopping = (async () => {
      while (!progress.done) {
        const worker = workers[Math.floor(Math.random() * workers.length)];
        worker?.signal('SIGSTOP');
        await sleep(Math.random() * 40);
        worker?.signal('SIGCONT');
        await sleep(10);
      }
    })();
    await Promise.all(workers.map(({ ended }) => ended));
    progress.done = true;
    await stopping;
    expect(await readCount(openStore(), KEY)).toBe(100);
  });

  it('waits for a stopped process that holds the lock, says so, and goes on when it goes on', async () => {
    const worker = start(FOREVER);
    await worker.said('acknowledged');
    const lockPath = await stopWithLock(worker);
    const before = await readCount(openStore(), KEY);

    const impatient = openStore(quickClock());
    await expect(impatient.put(KEY, 'mine')).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      writeMayHaveLanded: false,
      message: expect.stringMatching(new RegExp(`${lockPath}.*process ${worker.pid}`)),
    });
    expect(await readCount(openStore(), KEY)).toBe(before);
    worker.signal('SIGCONT');
    await casIncrement(openStore(), KEY);
    expect(await readCount(openStore(), KEY)).toBeGreaterThan(before);
  });

  it('never misses a key that is replaced all the time among thousands of others', async () => {
    await mkdir(join(folder, 'counters'));
    for (let n = 0; n < 2000; n++)
      await writeFile(join(folder, 'counters', `sibling-${n}@1-0-${String(n).padStart(32, '0')}`), '');
    const store = openStore();
    await casIncrement(store, KEY);
    startAll(2, 60);
    const progress = { done: false };
    const looking = (async () => {
      for (let looks = 0; ; looks++) {
        if (progress.done) return looks;
        expect((await store.get(KEY)).kind).toBe('found');
        const { objects } = await store.list('counters/one');
        expect(objects).toHaveLength(1);
      }
    })();
    await Promise.all(workers.map(({ ended }) => ended));
    progress.done = true;
    expect(await looking).toBeGreaterThan(20);
  });
});

/** Stops the worker at moments until it stands still with the lock in its hands; answers the lock file's path. */
async function stopWithLock(worker: Worker): Promise<string> {
  for (let tries = 1; tries <= 200; tries++) {
    worker.signal('SIGSTOP');
    // The signal needs a moment, and what a thread of the process has begun ends first.
    await sleep(30);
    for (const name of await filesIn('.locks')) {
      const path = join(folder, '.locks', name);
      if ((await readFile(path, 'utf8')).includes(`"pid":${worker.pid},`)) return path;
    }
    worker.signal('SIGCONT');
    await sleep(Math.random() * 5);
  }
  throw new Error('the worker never stood still with a lock');
}

/** Time that passes at each look at it, so that waiting for 10 seconds takes none. */
function quickClock(): Clock {
  let nowMs = Date.now();
  return {
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += 20 * ms;
      await sleep(1);
    },
  };
}
