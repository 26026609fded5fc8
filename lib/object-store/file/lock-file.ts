import { createHash } from 'node:crypto';
import { link, readFile, stat } from 'node:fs/promises';
import { isSystemError } from './file-errors.ts';
import { livenessOf, type ProcessMark } from './process-mark.ts';

/** What a lock file says of its holder. */
export interface LockHolder {
  /** Never used twice: tells this holding of the lock from every other one. */
  readonly nonce: string;
  readonly sinceMs: number;
  /** Undefined when the file cannot be read as ours, as after a power failure: then `sinceMs` is the file's time. */
  readonly process: ProcessMark | undefined;
  /** The key, for whoever looks into the file. */
  readonly about: string;
}

/** A holder that cannot be looked at (another container or machine) is taken for dead after this long. */
export const UNKNOWN_HOLDER_MAX_MS = 60_000;

export function lockFileText(holder: LockHolder): string {
  return JSON.stringify({
    ...holder.process,
    nonce: holder.nonce,
    sinceMs: holder.sinceMs,
    about: holder.about,
  });
}

/** Puts a lock file in its place, complete from the first moment on. False when another one is there. */
export async function linkLock(tempPath: string, lockPath: string): Promise<boolean> {
  try {
    await link(tempPath, lockPath);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Reads who holds a lock; undefined when nobody does. */
export async function readLock(lockPath: string): Promise<LockHolder | undefined> {
  try {
    const text = await readFile(lockPath, 'utf8');
    return parseLock(text) ?? (await unreadableHolder(lockPath, text));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** True when nobody will give this lock back. */
export async function isStale(holder: LockHolder, own: ProcessMark, nowMs: number): Promise<boolean> {
  const liveness = holder.process === undefined ? 'unknown' : await livenessOf(holder.process, own);
  // A time far in the future tells of a clock that was set back, and must not block for ever either.
  if (liveness === 'unknown') return Math.abs(nowMs - holder.sinceMs) > UNKNOWN_HOLDER_MAX_MS;
  return liveness === 'dead';
}

function parseLock(text: string): LockHolder | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { nonce, sinceMs, pid, startTicks, thread, host, about }: Record<string, unknown> = { ...value };
  if (typeof nonce !== 'string' || !/^[0-9a-f-]+$/.test(nonce)) return undefined;
  if (typeof sinceMs !== 'number' || typeof pid !== 'number') return undefined;
  if (typeof startTicks !== 'string' || typeof host !== 'string') return undefined;
  return {
    nonce,
    sinceMs,
    // A lock of an earlier version names no thread.
    process: { pid, startTicks, thread: isThread(thread) ? thread : '', host },
    about: typeof about === 'string' ? about : '',
  };
}

function isThread(value: unknown): value is string {
  return typeof value === 'string' && /^\d+\.\d+$/.test(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function unreadableHolder(lockPath: string, text: string): Promise<LockHolder> {
  const { ino, mtimeMs } = await stat(lockPath);
  const nonce = createHash('sha256').update(`${ino} ${mtimeMs} ${text}`).digest('hex').slice(0, 32);
  return { nonce, sinceMs: mtimeMs, process: undefined, about: '' };
}
