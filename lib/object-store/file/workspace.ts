import { open, rename, unlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Randomness } from '../../platform/clock.ts';
import { makeFolders } from '../../platform/make-folders.ts';
import { isSystemError } from './file-errors.ts';
import type { ProcessMark } from './process-mark.ts';
import { tempFileName } from './temp-names.ts';

/** The folder's own corners. Encoded keys never begin with a dot. */
export const TEMP_FOLDER = '.tmp';
export const LOCK_FOLDER = '.locks';

const FILE_MODE = 0o600;

/** Writes to the store's folder that are durable once they resolve. Rejects with errors of the operating system. */
export interface Workspace {
  readonly folder: string;
  readonly owner: ProcessMark;
  /** Writes a temporary file; `durable` also waits for the disk. Answers its path; nothing is left when it rejects. */
  readonly writeTemp: (body: Uint8Array | string, durable: boolean) => Promise<string>;
  /** Gives a temporary file its place, making folders on the way. Visible at once, durable after `syncFolder`. */
  readonly moveInto: (tempPath: string, folder: string, fileName: string) => Promise<void>;
  /** Waits until the entries of `folder`, and the folder itself, are on the disk. */
  readonly syncFolder: (folder: string) => Promise<void>;
}

export function createWorkspace(folder: string, owner: ProcessMark, random: Randomness): Workspace {
  // Another process may have made a folder and not have reached the disk with it yet: each process makes sure itself.
  const rooted = new Set<string>([folder]);

  const syncFolder = async (target: string): Promise<void> => {
    await syncEntries(target);
    for (const parent of ancestors(folder, target).filter((path) => !rooted.has(path))) {
      await syncEntries(dirname(parent));
      rooted.add(parent);
    }
  };
  return {
    folder,
    owner,
    syncFolder,
    writeTemp: async (body, durable) => {
      const path = join(folder, TEMP_FOLDER, tempFileName(owner, random.uuid()));
      try {
        await writeNew(path, body, durable);
      } catch (error) {
        await removeFile(path).catch(() => undefined);
        throw error;
      }
      return path;
    },
    moveInto: async (tempPath, target, fileName) => {
      try {
        await rename(tempPath, join(target, fileName));
      } catch (error) {
        if (!isSystemError(error, 'ENOENT')) throw error;
        for (const path of ancestors(folder, target)) rooted.delete(path);
        await makeFolders(target);
        await rename(tempPath, join(target, fileName));
      }
    },
  };
}

/** Removes a file. One that is gone already is no error. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}

/** Waits until a folder's entries are on the disk. Windows cannot do that and says `EPERM` or `EISDIR`. */
export async function syncEntries(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isSystemError(error, 'EPERM', 'EISDIR')) throw error;
  }
}

async function writeNew(path: string, body: Uint8Array | string, durable: boolean): Promise<void> {
  const handle = await open(path, 'wx', FILE_MODE);
  try {
    await handle.writeFile(body);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The folders from below `root` down to `target`, `target` included. */
function ancestors(root: string, target: string): readonly string[] {
  const names = relative(root, target)
    .split(sep)
    .filter((name) => name !== '');
  return names.map((_, index) => join(root, ...names.slice(0, index + 1)));
}
