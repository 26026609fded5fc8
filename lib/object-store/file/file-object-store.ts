import { resolve } from 'node:path';
import type { Clock, Randomness } from '../../platform/clock.ts';
import { ObjectStoreError, type ObjectStore } from '../object-store.ts';
import { asObjectStoreError } from './file-errors.ts';
import { createFolderScan } from './folder-scan.ts';
import { prepareFolder, sweepTemps } from './housekeeping.ts';
import { createKeyLocks } from './key-locks.ts';
import { listFolders } from './list-folders.ts';
import { ownProcessMark } from './process-mark.ts';
import { createObjectReader } from './read-object.ts';
import { createObjectWriter } from './write-object.ts';
import { createWorkspace } from './workspace.ts';

export interface FileObjectStoreDeps {
  /** Made at first use, with the folders above it. On a disk of this machine: not on a network file system. */
  readonly folder: string;
  readonly clock: Clock;
  /** Its UUIDs become ETags and names of files: no two stores of a folder may ever give the same. */
  readonly random: Randomness;
}

/**
 * An object store in a folder. Any number of processes of one machine, and of threads in them, may use the folder at
 * once, and each of them may be killed at any moment. Keys: segments joined by `/`, none of them empty, `.` or `..`; 1,024 bytes at most;
 * others are `refused`. Folders that have become empty stay.
 *
 *     <folder>/<encoded segment>/…/<encoded last segment>@<version>-<size>-<etag>
 *
 * The highest version of a name counts. A write adds one by `rename`, under the key's lock, and then removes those
 * before it; a reader takes no lock and finds one or the other. The ETag is random, so it never comes again.
 */
export function createFileObjectStore(deps: FileObjectStoreDeps): ObjectStore {
  const folder = resolve(deps.folder);
  const scan = createFolderScan(folder, deps.clock);

  const open = async () => {
    await prepareFolder(folder);
    const workspace = createWorkspace(folder, await ownProcessMark(), deps.random);
    const locks = createKeyLocks({ ...deps, workspace });
    // What cannot be removed now stays for the next process; it must not keep this one from reading.
    await sweepTemps(folder, workspace.owner, deps.clock.nowMs()).catch(() => undefined);
    await locks.sweep().catch(() => undefined);
    const shared = { workspace, locks, scan };
    return {
      read: createObjectReader(shared),
      write: createObjectWriter({ ...shared, random: deps.random }),
    };
  };
  let opening: ReturnType<typeof open> | undefined;
  const opened = (): ReturnType<typeof open> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const attempt = async <T>(doing: string, work: (store: Awaited<ReturnType<typeof open>>) => Promise<T>) => {
    try {
      return await work(await opened());
    } catch (error) {
      throw asObjectStoreError(error, doing, folder);
    }
  };

  return {
    get: (key, options) =>
      attempt(`read ${JSON.stringify(key)}`, ({ read }) => read(key, options?.ifNoneMatch)),
    put: (key, body, condition) => {
      // Now, not when the lock is ours: the caller may use its buffer again.
      const copy = Buffer.from(body);
      return attempt(`write ${JSON.stringify(key)}`, ({ write }) => write.put(key, copy, condition));
    },
    delete: (keys) => attempt(`delete ${keys.length} objects`, ({ write }) => write.deleteAll(keys)),
    list: (prefix, options) =>
      attempt(`list ${JSON.stringify(prefix)}`, () => {
        const startAfter = options?.startAfter ?? '';
        if (!prefix.isWellFormed() || !startAfter.isWellFormed())
          throw new ObjectStoreError(
            'refused',
            'the file store cannot list by a text that is not well-formed Unicode',
          );
        return listFolders(scan, folder, prefix, startAfter);
      }),
  };
}
