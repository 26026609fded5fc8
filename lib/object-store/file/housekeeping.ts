import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../platform/make-folders.ts';
import { livenessOf, type ProcessMark } from './process-mark.ts';
import { parseTempFileName } from './temp-names.ts';
import { isSystemError } from './file-errors.ts';
import { LOCK_FOLDER, removeFile, syncEntries, TEMP_FOLDER } from './workspace.ts';

/** A temporary file whose owner cannot be looked at (another container or machine) is kept this long. */
const UNKNOWN_TEMP_MAX_MS = 600_000;

/** Makes the store's folder, readable for this user only. */
export async function prepareFolder(folder: string): Promise<void> {
  const made = await makeFolders(folder);
  await makeFolders(join(folder, TEMP_FOLDER));
  await makeFolders(join(folder, LOCK_FOLDER));
  if (made !== undefined) for (const path of pathsFrom(made, folder)) await syncEntries(dirname(path));
}

/** Removes the temporary files that dead processes and dead threads left. */
export async function sweepTemps(folder: string, own: ProcessMark, nowMs: number): Promise<void> {
  for (const name of await readdir(join(folder, TEMP_FOLDER))) {
    const owner = parseTempFileName(name);
    const path = join(folder, TEMP_FOLDER, name);
    if (owner !== undefined && (await isLeftOver(path, owner, own, nowMs))) await removeFile(path);
  }
}

async function isLeftOver(
  path: string,
  owner: ProcessMark,
  own: ProcessMark,
  nowMs: number,
): Promise<boolean> {
  const liveness = await livenessOf(owner, own);
  if (liveness !== 'unknown') return liveness === 'dead';
  return nowMs - (await changedMs(path, nowMs)) > UNKNOWN_TEMP_MAX_MS;
}

async function changedMs(path: string, goneMs: number): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return goneMs;
    throw error;
  }
}

/** `last` and the folders above it, up to `first`. */
function pathsFrom(first: string, last: string): readonly string[] {
  return last === first || last === dirname(last) ? [last] : [...pathsFrom(first, dirname(last)), last];
}
