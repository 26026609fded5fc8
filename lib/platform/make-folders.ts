import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Readable for this user only. */
const FOLDER_MODE = 0o700;

/**
 * Makes a folder and what is missing above it, for this user only. Gives the topmost that was made; `undefined` when all
 * were there. Level by level, for Node's own `recursive` may never end where a folder takes none, as `/proc` does.
 * Rejects with the error of the operating system.
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  try {
    return await makeFolder(path);
  } catch (error) {
    const above = dirname(path);
    if (above === path || !(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      throw error;
    const topmost = await makeFolders(above);
    const made = await makeFolder(path);
    return topmost ?? made;
  }
}

/** Gives the folder when it was not there. */
async function makeFolder(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    return path;
  } catch (error) {
    if (await isFolder(path)) return undefined;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
