import { join } from 'node:path';
import type { Randomness } from '../../platform/clock.ts';
import { asETag, type ETag, type PutCondition, type PutResult } from '../object-store.ts';
import { asObjectStoreError } from './file-errors.ts';
import { placeOf, versionFileName, type Version } from './file-names.ts';
import { versionsOf, type FolderScan } from './folder-scan.ts';
import type { AssertHeld, KeyLocks } from './key-locks.ts';
import { removeFile, type Workspace } from './workspace.ts';

export interface ObjectWriter {
  readonly put: (key: string, body: Uint8Array, condition?: PutCondition) => Promise<PutResult>;
  readonly deleteAll: (keys: readonly string[]) => Promise<void>;
}

/** Keys of one folder that are deleted together: one scan and one wait for the disk, and so many locks at a time. */
const DELETE_BATCH_MAX = 64;

/**
 * Writes and deletes, each under the key's lock.
 *
 *     put:     temporary file, fsync ─► rename to version n+1 ─► fsync the folder ─► remove versions up to n
 *     delete:  remove versions up to n-1 ─► remove version n ─► fsync the folder
 *
 * Wherever a process dies, the highest version that is left is the last one that anybody can have seen.
 */
export function createObjectWriter(deps: {
  readonly workspace: Workspace;
  readonly locks: KeyLocks;
  readonly scan: FolderScan;
  readonly random: Randomness;
}): ObjectWriter {
  const { workspace, locks, scan, random } = deps;

  /** Puts the next version in its place and answers once it is on the disk. */
  const add = async (
    folder: string,
    fileName: string,
    body: Uint8Array,
    assertHeld: AssertHeld,
  ): Promise<void> => {
    const tempPath = await workspace.writeTemp(body, true);
    try {
      await assertHeld();
      await workspace.moveInto(tempPath, folder, fileName);
    } catch (error) {
      await removeFile(tempPath).catch(() => undefined);
      throw error;
    }
    try {
      await workspace.syncFolder(folder);
    } catch (error) {
      // Readers see it already, but it may not outlive a power failure.
      throw asObjectStoreError(error, `make ${fileName} durable`, folder, true);
    }
  };

  const put: ObjectWriter['put'] = async (key, body, condition) => {
    const { folders, stem } = placeOf(key);
    const folder = join(workspace.folder, ...folders);
    return locks.hold([key], async (assertHeld) => {
      const versions = versionsOf(stem, await scan.names(folder));
      const current = versions.at(-1);
      if (!holds(condition, current?.etag)) return { kind: 'conflict' };
      const etag = random.uuid().replaceAll('-', '');
      await add(
        folder,
        versionFileName(stem, (current?.version ?? 0) + 1, body.byteLength, etag),
        body,
        assertHeld,
      );
      // The write is done. A version that cannot be removed now is removed by the next write.
      await removeVersions(folder, versions).catch(() => undefined);
      return { kind: 'written', etag: asETag(etag) };
    });
  };

  const deleteBatch = (folder: string, stems: ReadonlyMap<string, string>): Promise<void> =>
    locks.hold([...stems.keys()], async () => {
      const names = await scan.names(folder);
      const all = [...stems.values()].map((stem) => versionsOf(stem, names));
      const old = all.flatMap((versions) => versions.slice(0, -1));
      await removeVersions(folder, old);
      if (old.length > 0) await workspace.syncFolder(folder);
      const last = all.flatMap((versions) => versions.slice(-1));
      await removeVersions(folder, last);
      if (last.length > 0) await workspace.syncFolder(folder);
    });

  return {
    put,
    deleteAll: async (keys) => {
      for (const [folder, stems] of byFolder(workspace.folder, keys))
        for (let start = 0; start < stems.length; start += DELETE_BATCH_MAX)
          await deleteBatch(folder, new Map(stems.slice(start, start + DELETE_BATCH_MAX)));
    },
  };
}

function holds(condition: PutCondition | undefined, current: ETag | undefined): boolean {
  if (condition === undefined) return true;
  return 'ifMatch' in condition ? condition.ifMatch === current : current === undefined;
}

/** Oldest first, so that a higher version is never gone while a lower one is left. */
async function removeVersions(folder: string, versions: readonly Version[]): Promise<void> {
  for (const { fileName } of versions) await removeFile(join(folder, fileName));
}

/** Pairs of key and stem for each folder. */
function byFolder(
  root: string,
  keys: readonly string[],
): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const groups = new Map<string, [string, string][]>();
  for (const key of new Set(keys)) {
    const { folders, stem } = placeOf(key);
    const folder = join(root, ...folders);
    const group = groups.get(folder) ?? [];
    group.push([key, stem]);
    groups.set(folder, group);
  }
  return groups;
}
