import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemRandomness as random } from '../../platform/system-clock.ts';
import { createFolderScan } from './folder-scan.ts';
import { prepareFolder } from './housekeeping.ts';
import type { AssertHeld, KeyLocks } from './key-locks.ts';
import { ownProcessMark } from './process-mark.ts';
import { createWorkspace, type Workspace } from './workspace.ts';
import { createObjectWriter, type ObjectWriter } from './write-object.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-object-'));
  await prepareFolder(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const BODY = Buffer.from('body');
const locksThat = (assertHeld: AssertHeld): KeyLocks => ({
  hold: (_keys, work) => work(assertHeld),
  sweep: async () => {},
});

/** A writer whose locks or disk do what the test wants. */
async function writerWith(assertHeld: AssertHeld, broken: Partial<Workspace> = {}): Promise<ObjectWriter> {
  const workspace = { ...createWorkspace(folder, await ownProcessMark(), random), ...broken };
  return createObjectWriter({
    workspace,
    locks: locksThat(assertHeld),
    scan: createFolderScan(folder, systemClock),
    random,
  });
}
const diskFails = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' }));

describe('a write', () => {
  it('changes nothing when its lock was taken over meanwhile', async () => {
    const writer = await writerWith(() => Promise.reject(new Error('taken over')));
    await expect(writer.put('k', BODY)).rejects.toThrow('taken over');
    expect(await readdir(folder)).toEqual(['.locks', '.tmp']);
    expect(await readdir(join(folder, '.tmp'))).toEqual([]);
  });

  it('asks for its lock after the body is on the disk, when little can come between', async () => {
    let temps: readonly string[] = [];
    const writer = await writerWith(async () => {
      temps = await readdir(join(folder, '.tmp'));
    });
    await writer.put('k', BODY);
    expect(temps).toHaveLength(1);
  });

  it('says that it may have landed when the disk fails after readers can see it', async () => {
    const writer = await writerWith(async () => {}, { syncFolder: diskFails });
    await expect(writer.put('k', BODY)).rejects.toMatchObject({
      code: 'unavailable',
      writeMayHaveLanded: true,
    });
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('leaves no temporary file when it cannot be given its place', async () => {
    const writer = await writerWith(async () => {}, { moveInto: diskFails });
    await expect(writer.put('k', BODY)).rejects.toThrow('EIO');
    expect(await readdir(join(folder, '.tmp'))).toEqual([]);
  });
});
