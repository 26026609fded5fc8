import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectStoreError, type ETag, type GetResult } from '../object-store.ts';
import { isSystemError } from './file-errors.ts';
import { placeOf } from './file-names.ts';
import { versionsOf, type FolderScan } from './folder-scan.ts';
import type { KeyLocks } from './key-locks.ts';
import type { Workspace } from './workspace.ts';

/** After so many misses somebody writes to this key all the time, and waiting for the lock is quicker. */
const LOOKS_MAX = 10;

interface Place {
  readonly key: string;
  readonly folder: string;
  readonly stem: string;
  readonly ifNoneMatch: ETag | undefined;
}

/** Reads an object without a lock, unless what is seen is no proof. */
export function createObjectReader(deps: {
  readonly workspace: Workspace;
  readonly locks: KeyLocks;
  readonly scan: FolderScan;
}): (key: string, ifNoneMatch?: ETag) => Promise<GetResult> {
  const { workspace, locks, scan } = deps;

  const underLock = (place: Place): Promise<GetResult> =>
    locks.hold([place.key], async () => {
      const found = await readNewest(place, await scan.names(place.folder));
      if (found === 'replaced')
        throw new Error(`${place.folder} was changed by something that takes no locks`);
      return found;
    });

  return async (key, ifNoneMatch) => {
    const { folders, stem } = placeOf(key);
    const place = { key, folder: join(workspace.folder, ...folders), stem, ifNoneMatch };
    for (let looks = 1; looks <= LOOKS_MAX; looks++) {
      const first = await readNewest(place, await scan.names(place.folder));
      if (first === 'replaced') continue;
      if (first.kind !== 'not-found') return first;
      const { names, quiet } = await scan.quietNames(place.folder);
      const second = await readNewest(place, names);
      if (second === 'replaced') continue;
      return second.kind !== 'not-found' || quiet ? second : underLock(place);
    }
    return underLock(place);
  };
}

/** `replaced`: the file went between being seen and being opened. */
async function readNewest(place: Place, names: readonly string[]): Promise<GetResult | 'replaced'> {
  const newest = versionsOf(place.stem, names).at(-1);
  if (newest === undefined) return { kind: 'not-found' };
  if (newest.etag === place.ifNoneMatch) return { kind: 'not-modified' };
  const path = join(place.folder, newest.fileName);
  try {
    return { kind: 'found', body: await readFile(path), etag: newest.etag };
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 'replaced';
    // The system does not say which one.
    if (isSystemError(error, 'EISDIR')) throw notAFile(place.key, path, error);
    throw error;
  }
}

function notAFile(key: string, path: string, cause: unknown): ObjectStoreError {
  return new ObjectStoreError(
    'refused',
    `could not read ${JSON.stringify(key)}: ${path} is a folder, and the file of an object should be there; move it away`,
    { cause },
  );
}
