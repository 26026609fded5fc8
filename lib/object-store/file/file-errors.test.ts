import { describe, expect, it } from 'vitest';
import { ObjectStoreError } from '../object-store.ts';
import { asObjectStoreError } from './file-errors.ts';

const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: it failed, open '/data/x'`), { code, syscall: 'open', errno: -1 });

describe('an error of the file system', () => {
  it.each([
    ['ENOSPC', 'unavailable', 'full'],
    ['EDQUOT', 'unavailable', 'quota'],
    ['EMFILE', 'unavailable', 'open'],
    ['EIO', 'unavailable', 'disk'],
    ['EACCES', 'denied', 'owner and mode'],
    ['EPERM', 'denied', 'owner and mode'],
    ['EROFS', 'denied', 'read-only'],
    ['ENOENT', 'no-bucket', 'gone'],
    ['ENOTDIR', 'no-bucket', 'not a folder'],
    ['EISDIR', 'refused', 'move it away'],
    ['ENAMETOOLONG', 'refused', 'too long'],
  ])('%s is %s, and says what, where and what to do', (systemCode, code, advice) => {
    const cause = systemError(systemCode);
    const error = asObjectStoreError(cause, 'write "a/b"', '/data');
    expect(error).toMatchObject({ code, cause, writeMayHaveLanded: false });
    for (const part of ['write "a/b"', '/data', advice, systemCode])
      expect(error).toMatchObject({ message: expect.stringContaining(part) });
  });

  it('says that a write may have landed', () => {
    expect(asObjectStoreError(systemError('EIO'), 'write', '/data', true)).toMatchObject({
      writeMayHaveLanded: true,
      retryable: true,
    });
  });

  it('is told apart from a bug and from what is translated already', () => {
    const bug = new TypeError('x is not a function');
    const done = new ObjectStoreError('refused', 'no');
    expect(asObjectStoreError(bug, 'write', '/data')).toBe(bug);
    expect(asObjectStoreError(done, 'write', '/data')).toBe(done);
  });
});
