import { ObjectStoreError, type ObjectStoreErrorCode } from '../object-store.ts';

/** What the system's error codes mean to a caller, and what somebody can do about them. */
const MEANINGS: Readonly<Record<string, readonly [ObjectStoreErrorCode, string]>> = {
  ENOSPC: ['unavailable', 'the file system is full; free some space'],
  EDQUOT: ['unavailable', 'the disk quota is used up; free some space'],
  EMFILE: ['unavailable', 'too many files are open in this process; raise its limit'],
  ENFILE: ['unavailable', 'too many files are open on this machine'],
  EACCES: ['denied', 'this user may not read and write there; check owner and mode'],
  EPERM: ['denied', 'this user may not read and write there; check owner and mode'],
  EROFS: ['denied', 'the file system is read-only'],
  ENOENT: ['no-bucket', 'the folder is gone; create it again or start again'],
  ENOTDIR: ['no-bucket', 'a part of the path is a file, not a folder; choose another folder'],
  EEXIST: ['no-bucket', 'a part of the path is a file, not a folder; choose another folder'],
  EISDIR: ['refused', 'a folder is where the file of an object should be; move it away'],
  ENAMETOOLONG: ['refused', 'the path is too long for this file system; use a shorter folder or key'],
};

/** True for an error of the operating system with one of `codes`. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => error.code === code);
}

/**
 * Turns an error of the operating system into the port's error. `doing` says what was tried, with the key.
 * Errors that are the port's already, and bugs, come back as they are.
 */
export function asObjectStoreError(
  error: unknown,
  doing: string,
  folder: string,
  writeMayHaveLanded = false,
): unknown {
  if (!(error instanceof Error) || error instanceof ObjectStoreError) return error;
  if (!('syscall' in error) || !('code' in error) || typeof error.code !== 'string') return error;
  const [code, advice] = MEANINGS[error.code] ?? ['unavailable', 'the file system failed; look at the disk'];
  const message = `could not ${doing} in the folder ${folder}: ${advice} (${error.message})`;
  return new ObjectStoreError(code, message, { cause: error, writeMayHaveLanded });
}
