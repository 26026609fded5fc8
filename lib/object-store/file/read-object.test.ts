import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandomness as random } from '../../platform/system-clock.ts';
import type { FolderScan } from './folder-scan.ts';
import { prepareFolder } from './housekeeping.ts';
import type { KeyLocks } from './key-locks.ts';
import { ownProcessMark } from './process-mark.ts';
import { createObjectReader } from './read-object.ts';
import { createWorkspace } from './workspace.ts';

const FILE = `k@7-4-${'7'.repeat(32)}`;
const GONE = `k@6-3-${'6'.repeat(32)}`;

let folder = '';
let locksTaken = 0;
let locked = false;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-object-'));
  await prepareFolder(folder);
  await writeFile(join(folder, FILE), 'body');
  locksTaken = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const locks: KeyLocks = {
  hold: async (_keys, work) => {
    locksTaken += 1;
    locked = true;
    return work(async () => {}).finally(() => (locked = false));
  },
  sweep: async () => {},
};

/** Reads `k` where scans without the lock see `seen`, one after the other, and scans under it see the truth. */
async function readSeeing(seen: readonly string[][], quiet: boolean) {
  const rest = [...seen];
  const names = async (): Promise<readonly string[]> =>
    locked ? [FILE] : (rest.shift() ?? seen.at(-1) ?? []);
  const scan: FolderScan = { names, quietNames: async () => ({ names: await names(), quiet }) };
  const workspace = createWorkspace(folder, await ownProcessMark(), random);
  return createObjectReader({ workspace, locks, scan })('k');
}

describe('reading an object while others write', () => {
  it('takes no lock for what it finds', async () => {
    expect((await readSeeing([[FILE]], false)).kind).toBe('found');
    expect(locksTaken).toBe(0);
  });

  it('takes no lock to say that nothing is there, when the folder was quiet', async () => {
    expect(await readSeeing([[]], true)).toEqual({ kind: 'not-found' });
    expect(locksTaken).toBe(0);
  });

  it('looks twice before it believes that nothing is there', async () => {
    expect((await readSeeing([[], [FILE]], false)).kind).toBe('found');
    expect(locksTaken).toBe(0);
  });

  it('makes sure under the lock when the folder changed while it looked', async () => {
    expect((await readSeeing([[]], false)).kind).toBe('found');
    expect(locksTaken).toBe(1);
  });

  it('looks again when the file went before it was opened', async () => {
    expect(await readSeeing([[GONE], [GONE], [FILE]], false)).toMatchObject({ etag: '7'.repeat(32) });
    expect(locksTaken).toBe(0);
  });

  it('asks for the lock when that happens all the time', async () => {
    expect((await readSeeing([[GONE]], false)).kind).toBe('found');
    expect(locksTaken).toBe(1);
  });
});
