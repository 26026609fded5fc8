import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { isSystemError } from './file-errors.ts';
import { parseFileName, type Version } from './file-names.ts';
import { TEMP_FOLDER } from './workspace.ts';

/**
 * Reading a folder while others write to it. The system reads a large folder in parts, so a scan can miss an object
 * that is replaced meanwhile: the new file appears where the scan has been, the old one goes before it gets there.
 * What exists all the time, it does see. So a scan is exact under a key's lock, or when nothing changed during it.
 */
export interface FolderScan {
  /** The names in a folder; none when there is no such folder. @throws when the store's own folder is gone. */
  readonly names: (path: string) => Promise<readonly string[]>;
  /** The same, and whether nothing can have changed meanwhile. */
  readonly quietNames: (
    path: string,
  ) => Promise<{ readonly names: readonly string[]; readonly quiet: boolean }>;
}

/** The coarsest step of a file system's times that we reckon with, and some more: changes this close look like one. */
const TIME_STEP_MAX_MS = 100;

export function createFolderScan(folder: string, clock: Clock): FolderScan {
  const names = async (path: string): Promise<readonly string[]> => {
    try {
      return await readdir(path);
    } catch (error) {
      // A file where a folder should be is damage, not emptiness: it is thrown.
      if (!isSystemError(error, 'ENOENT')) throw error;
      await access(join(folder, TEMP_FOLDER));
      return [];
    }
  };
  const quietNames: FolderScan['quietNames'] = async (path) => {
    const before = await changedMs(path);
    const found = await names(path);
    const after = await changedMs(path);
    return { names: found, quiet: before === after && Math.abs(clock.nowMs() - after) > TIME_STEP_MAX_MS };
  };
  return { names, quietNames };
}

/** The versions of one object among the names of its folder, oldest first. */
export function versionsOf(stem: string, names: readonly string[]): readonly Version[] {
  const mine = names.filter((name) => name.startsWith(`${stem}@`));
  return mine
    .flatMap((name) => parseFileName(name)?.version ?? [])
    .toSorted((a, b) => (isNewer(a, b) ? 1 : -1));
}

/** Versions count up. The ETag decides between equals, so that everybody decides alike. */
export function isNewer(a: Version, b: Version): boolean {
  return a.version === b.version ? a.etag > b.etag : a.version > b.version;
}

/** When a folder's entries changed last, in milliseconds with the file system's fractions; 0 when there is none. */
async function changedMs(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return 0;
    throw error;
  }
}
