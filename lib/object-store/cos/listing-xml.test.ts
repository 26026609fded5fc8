import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readListing } from './listing-xml.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Entry {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

function listing(entries: readonly Entry[], truncated: boolean): string {
  const contents = entries.map(
    ({ key, etag, size }) =>
      `<Contents><Key>${escaped(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>${escaped(etag)}</ETag>` +
      `<Size>${size}</Size><StorageClass>STANDARD</StorageClass><Owner><ID>o</ID></Owner></Contents>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>p</Prefix>${contents.join('')}<IsTruncated>${truncated}</IsTruncated></ListBucketResult>`;
}

describe('a listing', () => {
  it('is read as it was written, whatever the names of its keys', () => {
    const entry = fc.record({
      key: fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => !/[\u0000-\u001f]/.test(key)),
      etag: fc.string({ minLength: 1, maxLength: 40 }),
      size: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), fc.boolean(), (entries, truncated) => {
        expect(readListing(listing(entries, truncated))).toEqual({
          Contents: entries.map(({ key, etag, size }) => ({ Key: key, ETag: etag, Size: size })),
          IsTruncated: truncated,
        });
      }),
    );
  });

  it('understands characters by number', () => {
    const xml = listing([], false).replace(
      '<Prefix>',
      '<Contents><Key>a&#x26;&#38;b</Key><ETag>&#34;e&#34;</ETag><Size>1</Size></Contents><Prefix>',
    );
    expect(readListing(xml)).toEqual({
      Contents: [{ Key: 'a&&b', ETag: '"e"', Size: 1 }],
      IsTruncated: false,
    });
  });

  it('does not take a truncated mark from inside an entry', () => {
    const xml = listing([{ key: '<IsTruncated>false</IsTruncated>', etag: 'e', size: 1 }], true);
    expect(readListing(xml)).toMatchObject({ IsTruncated: true });
  });

  it('that is cut off anywhere, or is something else, is none', () => {
    const whole = listing(
      [
        { key: 'a', etag: 'e', size: 1 },
        { key: 'b', etag: 'f', size: 2 },
      ],
      false,
    );
    for (let length = 0; length < whole.length; length++)
      expect(readListing(whole.slice(0, length))).toEqual({});
    for (const other of ['', '{}', '<html><body>hello</body></html>', '<Error><Code>X</Code></Error>'])
      expect(readListing(other)).toEqual({});
  });
});
