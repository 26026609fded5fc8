import { open, rename, rm } from 'node:fs/promises';
import { CommandError } from './command-error.ts';

/**
 * Writes a file whole or not at all: what was there stays until all of the new text is on the disk. Only its owner may
 * read it.
 * @throws {CommandError} when it cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
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
    const { code = 'no reason known' } = error as NodeJS.ErrnoException;
    throw new CommandError(1, `${path} cannot be written (${code}).`, { cause: error });
  }
}
