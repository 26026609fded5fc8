import { mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../platform/clock.ts';
import { createFolderScan, versionsOf } from './folder-scan.ts';
import { prepareFolder } from './housekeeping.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-scan-'));
  await prepareFolder(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const at = (nowMs: number): Clock => ({ nowMs: () => nowMs, sleep: async () => {} });

describe('a scan of a folder', () => {
  it('is quiet when the last change is long past', async () => {
    await utimes(folder, 1000, 1000);
    const { quiet, names } = await createFolderScan(folder, at(1_001_000)).quietNames(folder);
    expect(quiet).toBe(true);
    expect(new Set(names)).toEqual(new Set(['.tmp', '.locks']));
  });

  it('is not quiet when a change is so recent that the next one could have the same time', async () => {
    const changedMs = (await stat(folder)).mtimeMs;
    expect((await createFolderScan(folder, at(changedMs + 5)).quietNames(folder)).quiet).toBe(false);
  });

  it('sees nothing where no folder is', async () => {
    const { quiet, names } = await createFolderScan(folder, at(1_000_000)).quietNames(join(folder, 'none'));
    expect({ quiet, names }).toEqual({ quiet: true, names: [] });
  });
});

describe('the versions of an object', () => {
  const file = (stem: string, version: number): string => `${stem}@${version}-0-${'a'.repeat(32)}`;

  it('come in the order of their numbers, without those of other objects', () => {
    const names = [file('k', 10), file('kk', 3), file('k', 9), 'k', 'k@', file('K', 99), file('k', 100)];
    expect(versionsOf('k', names).map(({ version }) => version)).toEqual([9, 10, 100]);
  });
});
