import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FolderScan } from './folder-scan.ts';
import { listFolders } from './list-folders.ts';

const ROOT = '/objects';
const file = (stem: string, version = 1): string =>
  `${stem}@${version}-3-${String(version).padStart(32, '0')}`;

/** Folders whose scans see the given names, one list after the other; the last one is quiet. */
function scanOf(folders: Readonly<Record<string, readonly string[][]>>) {
  const scanned: string[] = [];
  const names = async (path: string): Promise<readonly string[]> => {
    const name = relative(ROOT, path);
    const before = scanned.filter((other) => other === name).length;
    scanned.push(name);
    return folders[name]?.[before] ?? [];
  };
  const quietNames: FolderScan['quietNames'] = async (path) => {
    const found = await names(path);
    const name = relative(ROOT, path);
    const times = scanned.filter((other) => other === name).length;
    return { names: found, quiet: times >= (folders[name]?.length ?? 0) };
  };
  return { scan: { names, quietNames }, scanned };
}

const keysOf = async (scan: FolderScan, prefix: string, startAfter = ''): Promise<readonly string[]> =>
  (await listFolders(scan, ROOT, prefix, startAfter)).objects.map(({ key }) => key);

describe('listing folders', () => {
  const tree = {
    '': [['a', 'b', 'c', '.tmp', '.locks', file('a')]],
    a: [['x', 'y', file('1')]],
    'a/x': [[file('1')]],
    'a/y': [[file('1')]],
    b: [[file('1')]],
    c: [[file('1')]],
  };

  it.each([
    ['', '', ['', 'a', 'a/x', 'a/y', 'b', 'c'], ['a', 'a/1', 'a/x/1', 'a/y/1', 'b/1', 'c/1']],
    ['a/', '', ['a', 'a/x', 'a/y'], ['a/1', 'a/x/1', 'a/y/1']],
    ['a/y', '', ['a', 'a/y'], ['a/y/1']],
    ['a/y/', '', ['a/y'], ['a/y/1']],
    ['', 'a/x/5', ['', 'a', 'a/x', 'a/y', 'b', 'c'], ['a/y/1', 'b/1', 'c/1']],
    ['', 'a/y0', ['', 'a', 'b', 'c'], ['b/1', 'c/1']],
    ['', 'b/1', ['', 'b', 'c'], ['c/1']],
    ['', 'd', [''], []],
  ])('below %j after %j reads only what can hold keys', async (prefix, startAfter, folders, keys) => {
    const { scan, scanned } = scanOf(tree);
    expect(await keysOf(scan, prefix, startAfter)).toEqual(keys);
    expect(scanned).toEqual(folders);
  });

  it('reads no folder past the end of the page', async () => {
    const full = Array.from({ length: 1001 }, (_, n) => file(`k${n}`));
    const { scan, scanned } = scanOf({ '': [['a', 'b']], a: [full], b: [[file('1')]] });
    expect(await listFolders(scan, ROOT, '', '')).toMatchObject({
      truncated: true,
      objects: { length: 1000 },
    });
    expect(scanned).toEqual(['', 'a']);
  });

  it('looks again while a folder changes, so that what is replaced meanwhile is not missed', async () => {
    const { scan } = scanOf({ '': [[file('j')], [file('j'), file('k', 2)]] });
    expect(await keysOf(scan, '')).toEqual(['j', 'k']);
  });

  it('takes the highest version that any look saw', async () => {
    const { scan } = scanOf({ '': [[file('k', 9), file('k', 2)], [file('k', 10)]] });
    const { objects } = await listFolders(scan, ROOT, '', '');
    expect(objects).toEqual([{ key: 'k', etag: '10'.padStart(32, '0'), sizeBytes: 3 }]);
  });

  it('does not look for ever', async () => {
    const { scan, scanned } = scanOf({ '': Array.from({ length: 100 }, () => [file('k')]) });
    expect(await keysOf(scan, '')).toEqual(['k']);
    expect(scanned).toHaveLength(5);
  });
});
