import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileObjectStore } from '../../lib/object-store/file/file-object-store.ts';
import { ownProcessMark } from '../../lib/object-store/file/process-mark.ts';
import { tempFileName } from '../../lib/object-store/file/temp-names.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';

const ABSENT_PID = 2 ** 22 + 7;
const isRoot = process.getuid?.() === 0;

let parent = '';
let folder = '';

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'file-store-'));
  folder = join(parent, 'deep', 'objects');
});
afterEach(() => rm(parent, { recursive: true }));

const open = (at = folder): ObjectStore =>
  createFileObjectStore({ folder: at, clock: systemClock, random: systemRandomness });
const filesIn = async (...names: readonly string[]): Promise<readonly string[]> =>
  (await readdir(join(folder, ...names))).toSorted();
const bodyOf = async (store: ObjectStore, key: string): Promise<string> => {
  const found = await store.get(key);
  return found.kind === 'found' ? Buffer.from(found.body).toString() : found.kind;
};
const etagOf = (digit: string): string => digit.repeat(32);
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('the folder of a file store', { timeout: 30_000 }, () => {
  it('is made at first use, for this user only', async () => {
    const store = open();
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    await store.put('a/b.json', 'x');
    const [file = ''] = await filesIn('a');
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(join(folder, 'a'))).toBe(0o700);
    expect(await modeOf(join(folder, 'a', file))).toBe(0o600);
  });

  it('shows each object as one file that holds the body as it is', async () => {
    const store = open();
    await store.put('state/a.json', 'one');
    await store.put('state/a.json', 'second');
    const [file = '', ...others] = await filesIn('state');
    expect(others).toEqual([]);
    expect(file).toMatch(/^a\.json@2-6-[0-9a-f]{32}$/);
    expect(await readFile(join(folder, 'state', file), 'utf8')).toBe('second');
  });

  it('keeps neither locks nor temporary files when nothing goes on', async () => {
    const store = open();
    await store.put('a', '1');
    await store.put('a', '2', { ifNoneMatch: '*' });
    await store.get('absent');
    await store.delete(['a', 'absent']);
    expect(await filesIn('.locks')).toEqual([]);
    expect(await filesIn('.tmp')).toEqual([]);
  });

  it('may hold foreign files, which are left alone', async () => {
    const store = open();
    await store.put('a/b', 'x');
    for (const name of ['.DS_Store', 'notes.txt', 'a/b', 'a/b@1-2-3', 'a/Readme'])
      await writeFile(join(folder, name), 'foreign');
    const { objects } = await store.list('');
    expect(objects.map(({ key }) => key)).toEqual(['a/b']);
    expect(await store.get('notes.txt')).toEqual({ kind: 'not-found' });
    // A file where a folder should be is damage: answering that nothing is there could lead to its loss.
    await expect(store.get('notes.txt/below')).rejects.toMatchObject({ code: 'no-bucket' });
    await expect(store.list('notes.txt/')).rejects.toMatchObject({ code: 'no-bucket' });
    await store.delete(['a/b']);
    expect(await filesIn('a')).toEqual(['Readme', 'b', 'b@1-2-3']);
  });
});

describe('a file store after a process died', { timeout: 30_000 }, () => {
  const plant = async (name: string, body: string): Promise<void> => {
    await mkdir(join(folder, 'a'), { recursive: true });
    await writeFile(join(folder, 'a', name), body);
  };

  it('takes the highest version, and counts in numbers', async () => {
    await plant(`k@9-3-${etagOf('9')}`, 'old');
    await plant(`k@10-6-${etagOf('1')}`, 'newest');
    await plant(`k@8-5-${etagOf('8')}`, 'older');
    const store = open();
    expect(await bodyOf(store, 'a/k')).toBe('newest');
    expect((await store.list('')).objects).toEqual([{ key: 'a/k', etag: etagOf('1'), sizeBytes: 6 }]);
    await store.put('a/k', 'next');
    expect(await filesIn('a')).toEqual([expect.stringMatching(/^k@11-4-/)]);
  });

  it('deletes all versions', async () => {
    await plant(`k@1-3-${etagOf('1')}`, 'old');
    await plant(`k@2-3-${etagOf('2')}`, 'new');
    const store = open();
    await store.delete(['a/k']);
    expect(await store.get('a/k')).toEqual({ kind: 'not-found' });
    expect(await filesIn('a')).toEqual([]);
  });

  it('removes what it left half-written, and nothing of the living', async () => {
    const own = await ownProcessMark();
    const dead = tempFileName({ ...own, pid: ABSENT_PID }, 'aaaa');
    const deadThread = tempFileName({ ...own, thread: `${ABSENT_PID}.1` }, 'eeee');
    const living = tempFileName(own, 'bbbb');
    const [elsewhere, longAgo] = ['cccc', 'dddd'].map((id) =>
      tempFileName({ ...own, host: 'ffffffffffff' }, id),
    );
    await mkdir(join(folder, '.tmp'), { recursive: true });
    for (const name of [dead, deadThread, living, elsewhere ?? '', longAgo ?? '', 'foreign.txt'])
      await writeFile(join(folder, '.tmp', name), 'half');
    await utimes(join(folder, '.tmp', longAgo ?? ''), 1, 1);
    await open().list('');
    const kept = [living, elsewhere, 'foreign.txt', ...(process.platform === 'linux' ? [] : [deadThread])];
    expect(new Set(await filesIn('.tmp'))).toEqual(new Set(kept));
  });
});

describe('a file store that cannot work', { timeout: 30_000 }, () => {
  it('refuses keys that a folder cannot hold, in every operation', async () => {
    const store = open();
    await expect(store.get('a/../b')).rejects.toMatchObject({ name: 'ObjectStoreError', code: 'refused' });
    await expect(store.put('a//b', 'x')).rejects.toMatchObject({ code: 'refused' });
    await expect(store.delete(['fine', '/a'])).rejects.toMatchObject({ code: 'refused' });
    await expect(store.list('\ud800')).rejects.toMatchObject({ code: 'refused' });
    for (const prefix of ['../', 'a//', '/']) expect((await store.list(prefix)).objects).toEqual([]);
  });

  it('says that its folder is a file', async () => {
    await writeFile(join(parent, 'file'), 'x');
    for (const at of [join(parent, 'file'), join(parent, 'file', 'below')])
      await expect(open(at).get('k')).rejects.toMatchObject({
        code: 'no-bucket',
        message: expect.stringContaining(`the folder ${at}: a part of the path is a file`),
      });
  });

  it('tries again at the next call when it could not be opened', async () => {
    await writeFile(join(parent, 'deep'), 'in the way');
    const store = open();
    await expect(store.put('k', 'x')).rejects.toMatchObject({ code: 'no-bucket' });
    await rm(join(parent, 'deep'));
    expect((await store.put('k', 'x')).kind).toBe('written');
  });

  it('says that its folder is gone, and does not take that for an empty store', async () => {
    const store = open();
    await store.put('a/k', 'x');
    await rm(folder, { recursive: true });
    const calls = [
      () => store.get('a/k'),
      () => store.list(''),
      () => store.list('a/'),
      () => store.put('a/k', 'y'),
      () => store.delete(['a/k']),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({
        code: 'no-bucket',
        message: expect.stringContaining('is gone'),
      });
  });

  it('refuses one object where a folder is in place of its file, names it, and serves all others', async () => {
    const store = open();
    await store.put('a/k', 'x');
    const path = join(folder, 'a', `bad@1-3-${etagOf('1')}`);
    await mkdir(path);
    const refusal = { code: 'refused', retryable: false, message: expect.stringContaining(path) as string };
    await expect(store.get('a/bad')).rejects.toMatchObject(refusal);
    await expect(store.delete(['a/bad'])).rejects.toMatchObject(refusal);
    expect(await bodyOf(store, 'a/k')).toBe('x');
    expect((await store.list('a/')).objects.map(({ key }) => key)).toEqual(['a/bad', 'a/k']);
    expect((await store.put('a/bad', 'mended')).kind).toBe('written');
    expect(await bodyOf(store, 'a/bad')).toBe('mended');
  });

  it('makes folders again that somebody removed below it', async () => {
    const store = open();
    await store.put('a/b/k', 'x');
    await rm(join(folder, 'a'), { recursive: true });
    expect(await store.get('a/b/k')).toEqual({ kind: 'not-found' });
    expect((await store.put('a/b/k', 'y', { ifNoneMatch: '*' })).kind).toBe('written');
  });

  it.skipIf(isRoot)('says that it may not write', async () => {
    const store = open();
    await store.put('a/k', 'x');
    await chmod(join(folder, 'a'), 0o500);
    await expect(store.put('a/k', 'y')).rejects.toMatchObject({ code: 'denied' });
    expect(await bodyOf(store, 'a/k')).toBe('x');
    expect(await filesIn('.tmp')).toEqual([]);
  });
});
