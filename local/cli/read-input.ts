import { createReadStream } from 'node:fs';
import type { CommandIo } from './command-context.ts';
import { CommandError } from './command-error.ts';
import { isShallow } from './nesting.ts';

const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads the JSON in a file, or in what is piped in for `-`.
 * @throws {CommandError} when it cannot be read, is no JSON, is nested too deeply, or is too long.
 */
export async function readJsonInput(file: string, stdin: CommandIo['stdin']): Promise<unknown> {
  const name = file === '-' ? 'The input' : file;
  const text = await readAll(name, file === '-' ? stdin : createReadStream(file));
  const value = parsed(name, text);
  if (!isShallow(value)) throw new CommandError(1, `${name} is nested too deeply.`);
  return value;
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandError(1, `${name} is not JSON.`, { cause: error });
  }
}

async function readAll(name: string, input: CommandIo['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of input) {
      bytes += chunk.length;
      if (bytes > BYTES_MAX) break;
      chunks.push(Buffer.from(chunk));
    }
  } catch (error) {
    const { code = 'no reason known' } = error as NodeJS.ErrnoException;
    throw new CommandError(1, `${name} cannot be read (${code}).`, { cause: error });
  }
  if (bytes > BYTES_MAX) throw new CommandError(1, `${name} has more than ${BYTES_MAX} bytes.`);
  return Buffer.concat(chunks).toString('utf8');
}
