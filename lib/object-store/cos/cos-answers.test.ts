import { describe, expect, it } from 'vitest';
import { bodyOf, etagOf, listPageOf, notDeleted } from './cos-answers.ts';

describe('answers of S3', () => {
  it('gives a listing as a page', () => {
    const entry = { Key: 'k', ETag: '"e"', Size: 3, LastModified: new Date(0) };
    expect(listPageOf({ IsTruncated: true, Contents: [entry] })).toEqual({
      objects: [{ key: 'k', etag: '"e"', sizeBytes: 3 }],
      truncated: true,
    });
    expect(listPageOf({ IsTruncated: false })).toEqual({ objects: [], truncated: false });
  });

  it.each([
    {},
    { Contents: [] },
    { IsTruncated: 'false' },
    { IsTruncated: false, Contents: 'x' },
    { IsTruncated: false, Contents: [null] },
    { IsTruncated: false, Contents: [{ Key: 'k', Size: 1 }] },
    { IsTruncated: false, Contents: [{ ETag: '"e"', Size: 1 }] },
    { IsTruncated: false, Contents: [{ Key: 'k', ETag: '"e"', Size: '1' }] },
  ])('does not take %j for an empty listing', (answer) => {
    expect(() => listPageOf(answer)).toThrow('not a listing');
  });

  it('asks for an ETag and a body', () => {
    expect(etagOf({ ETag: '"e"' })).toBe('"e"');
    for (const answer of [{}, { ETag: '' }, { ETag: 7 }]) expect(() => etagOf(answer)).toThrow('no ETag');
    expect(bodyOf({ Body: Buffer.from('x') })).toEqual(Buffer.from('x'));
    for (const answer of [{}, { Body: 'x' }]) expect(() => bodyOf(answer)).toThrow('no body');
  });

  it('finds what a batch could not delete, and does not mind what was not there', () => {
    expect(notDeleted({ Deleted: [{ Key: 'a' }] })).toBeUndefined();
    expect(notDeleted({ Errors: [{ Key: 'a', Code: 'NoSuchKey' }] })).toBeUndefined();
    for (const answer of [{}, { Deleted: [] }, { Deleted: 'x' }])
      expect(() => notDeleted(answer)).toThrow('no word of what was deleted');
    const errors = [
      { Key: 'a', Code: 'NoSuchKey' },
      { Key: 'b', Code: 'AccessDenied' },
    ];
    expect(notDeleted({ Errors: errors })).toMatchObject({
      key: 'b',
      error: { code: 'AccessDenied', statusCode: 403 },
    });
    expect(notDeleted({ Errors: [{ Key: 'c', Code: 'InternalError' }] })).toMatchObject({
      error: { statusCode: 500 },
    });
  });
});
