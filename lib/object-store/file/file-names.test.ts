import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteOrder,
  folderSegment,
  foldersOf,
  parseFileName,
  placeOf,
  stemSegment,
  versionFileName,
} from './file-names.ts';

const ETAG = '0123456789abcdef0123456789abcdef';
const segments = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..' && text.isWellFormed());
const keys = fc.array(segments, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('the names of files', () => {
  it('turn into the key again', () => {
    fc.assert(
      fc.property(keys, fc.nat(), fc.nat(), (key, version, size) => {
        const { folders, stem } = placeOf(key);
        const parsed = parseFileName(versionFileName(stem, version, size, ETAG));
        expect(parsed?.version).toMatchObject({ version, sizeBytes: size, etag: ETAG });
        const decoded = [...folders.map(folderSegment), stemSegment(parsed?.stem ?? '')];
        expect(decoded.join('/')).toBe(key);
      }),
    );
  });

  it('are plain ASCII, never hidden, never a path of their own', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const { folders, stem } = placeOf(key);
        for (const name of [...folders, stem]) expect(name).toMatch(/^[A-Za-z0-9_~%=-][A-Za-z0-9._~%=-]*$/);
      }),
    );
  });

  it('stay as the key is where that is plain', () => {
    expect(placeOf('registrations/0f/a%20B~c-1_2.json')).toEqual({
      folders: ['registrations', '0f'],
      stem: 'a%20B~c-1_2.json',
    });
  });

  it('keep folders apart that differ only in case, on file systems that do not', () => {
    const [small, capital] = [placeOf('team/x'), placeOf('Team/x')];
    expect(capital.folders[0]?.toLowerCase()).not.toBe(small.folders[0]?.toLowerCase());
  });

  it.each(['a=b', 'a=2', 'a=2e', '.hidden', '=41=', 'a b', 'ü', 'a@1-2-3', '=FF'])(
    'do not include %j, which we would have written otherwise',
    (name) => {
      expect(stemSegment(name)).toBeUndefined();
      expect(folderSegment(name)).toBeUndefined();
    },
  );

  it.each(['x', '.DS_Store', `x@1-2-${ETAG}.bak`, `x@1-2-short`, `x@-1-2-${ETAG}`, `@1-2-${ETAG}`])(
    'do not include %j',
    (name) => expect(parseFileName(name)).toBeUndefined(),
  );
});

describe('a key', () => {
  it.each([
    ['', 'empty'],
    ['/a', 'begins or ends'],
    ['a/', 'begins or ends'],
    ['a//b', 'holds "//"'],
    ['.', 'segment "."'],
    ['a/../b', 'segment ".."'],
    ['a\0b', 'NUL'],
    ['a\ud800', 'well-formed'],
    ['é'.repeat(513), '1024 bytes'],
    ['x'.repeat(189), 'too long for a file name'],
    [`${'é'.repeat(60)}/x`, 'too long for a file name'],
  ])('like %j is refused, and the message says why', (key, reason) => {
    expect(() => placeOf(key)).toThrow(
      expect.objectContaining({
        code: 'refused',
        retryable: false,
        message: expect.stringContaining(reason),
      }),
    );
  });

  it('may have segments of 188 plain characters', () => {
    const key = ['x'.repeat(188), 'y'.repeat(188)].join('/');
    const fullest = versionFileName(placeOf(key).stem, 10 ** 15, 10 ** 15, ETAG);
    expect(fullest.length).toBeLessThanOrEqual(255);
  });
});

describe('a prefix', () => {
  it('leads to the folder that holds its keys', () => {
    expect(foldersOf('')).toEqual([]);
    expect(foldersOf('a/B c/')).toEqual(['a', '=42=20c']);
  });

  it.each(['/', '../', 'a/../', 'a//', './'])('like %j leads nowhere', (prefix) => {
    expect(foldersOf(prefix)).toBeUndefined();
  });
});

describe('the order of bytes', () => {
  it('is the order of UTF-8', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [x, y] = [byteOrder(a), byteOrder(b)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('differs from that of UTF-16 where JavaScript compares surrogates', () => {
    const sorted = ['\uff5e', '\u{1f98a}'];
    expect(sorted.toSorted((a, b) => (byteOrder(a) < byteOrder(b) ? -1 : 1))).toEqual(sorted);
    expect(sorted.toSorted((a, b) => (a < b ? -1 : 1))).not.toEqual(sorted);
  });
});
