import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../../lib/platform/make-folders.ts';
import type { HostPlan } from './host-plan.ts';
import { HostStartError } from './host-start-error.ts';

const KEY_BYTES = 32;

/**
 * The plan with a key for delivery headers. Where none is configured and the store is a folder of our own, the host makes
 * one there at its first start (readable by its owner only) and uses it ever after.
 * @throws {HostStartError} naming the file, when it holds no key. It is left as it is: somebody may have a copy.
 */
export async function withEncryptionKey(plan: HostPlan): Promise<HostPlan> {
  const { store } = plan.configuration;
  if (store.kind !== 'file' || store.encryptionKeys.length > 0) return plan;
  const key = await keyIn(store.dataDir);
  return { ...plan, functionEnv: { ...plan.functionEnv, ENCRYPTION_KEYS: key } };
}

async function keyIn(dataDir: string): Promise<string> {
  const path = join(dataDir, 'encryption.key');
  try {
    await makeFolders(dataDir);
    if (!existsSync(path)) makeKey(dataDir, path);
    return readKey(path);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new HostStartError(`The key for delivery headers cannot be read or made: ${cause.message}`, {
      cause,
    });
  }
}

function readKey(path: string): string {
  const text = readFileSync(path, 'utf8').trim();
  if (
    Buffer.from(text, 'base64').length === KEY_BYTES &&
    Buffer.from(text, 'base64').toString('base64') === text
  )
    return text;
  throw new HostStartError(
    `${path} is damaged: expected base64 of ${KEY_BYTES} bytes. Put a copy of it back, or set ENCRYPTION_KEYS. ` +
      'Without its key, delivery headers that were registered cannot be read; if there are none, remove the file.',
  );
}

/** The file is whole from the first moment on, whoever looks at it and whatever dies on the way. */
function makeKey(dataDir: string, path: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeDurably(temporary, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
    linkSync(temporary, path);
    syncFolder(dataDir);
  } catch (error) {
    // Another host was quicker: its key is everybody's.
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Windows cannot do that. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
