import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { CommandError } from './command-error.ts';

/**
 * Writes a file whole or not at all: what was there stays until all of the new text is on the disk. Only its owner may
 * read it. A link stays one: the file it leads to is written. What is no file, as a pipe or a device, is written to.
 * @throws {CommandError} when it cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  try {
    const target = await targetOf(path);
    if (target.isFile) await replace(target.path, text);
    else await writeFile(target.path, text);
  } catch (error) {
    const { code = 'no reason known' } = error as NodeJS.ErrnoException;
    throw new CommandError(1, `${path} cannot be written (${code}).`, { cause: error });
  }
}

async function targetOf(path: string): Promise<{ readonly path: string; readonly isFile: boolean }> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    return { path: real, isFile: found.isFile() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path, isFile: true };
    throw error;
  }
}

async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
