import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'replace-file-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('replacing a file', () => {
  it('writes one that only its owner may read, and leaves nothing beside it', async () => {
    await replaceFile(join(dir, 'out'), 'one');
    await replaceFile(join(dir, 'out'), 'two');
    expect(await readFile(join(dir, 'out'), 'utf8')).toBe('two');
    expect((await stat(join(dir, 'out'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['out']);
  });

  it('follows a link, which stays', async () => {
    await writeFile(join(dir, 'real'), 'old');
    await symlink('real', join(dir, 'link'));
    await replaceFile(join(dir, 'link'), 'new');
    expect((await lstat(join(dir, 'link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(dir, 'real'), 'utf8')).toBe('new');
  });

  it('writes to a pipe, and does not put a file in its place', async () => {
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), replaceFile(pipe, 'text')]);
    expect(read).toBe('text');
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  it('says what cannot be written, and leaves nothing behind', async () => {
    await expect(replaceFile(dir, 'text')).rejects.toThrow(`${dir} cannot be written (EISDIR).`);
    await expect(replaceFile(join(dir, 'no', 'out'), 'text')).rejects.toThrow('(ENOENT)');
    expect(await readdir(dir)).toEqual([]);
  });
});
