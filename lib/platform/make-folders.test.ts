import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('folders', () => {
  it('are made with all that is missing above them, for this user only, and the topmost is told', async () => {
    const path = join(folder, 'a', 'b', 'c');
    expect(await makeFolders(path)).toBe(join(folder, 'a'));
    for (const made of [path, join(folder, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(await makeFolders(path)).toBeUndefined();
    expect(await makeFolders(join(path, 'd'))).toBe(join(path, 'd'));
  });

  it('are made once by many at the same moment', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => makeFolders(path)));
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('cannot be where a file is, or below one', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(makeFolders(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.runIf(process.platform === 'linux')('cannot be made in /proc, which is told', async () => {
    for (const path of ['/proc/nothing', '/proc/nothing/below'])
      await expect(makeFolders(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
