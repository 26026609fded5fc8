import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inParts } from './split-document.ts';

const BYTES_MAX = 30;

describe('inParts', () => {
  it('keeps all entries in their order, and each part within its limit unless one entry is longer', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40, unit: 'grapheme' })), (entries) => {
        const parts = inParts(entries, { bytesMax: BYTES_MAX, entriesMax: 4 });
        expect(parts.flat()).toEqual(entries);
        for (const part of parts) {
          const bytes = part.reduce<number>(
            (sum, one) => sum + Buffer.byteLength(JSON.stringify(one)) + 1,
            0,
          );
          expect(part.length === 1 || bytes <= BYTES_MAX).toBe(true);
          expect(part.length).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  it('makes no part of nothing, and as few as it can', () => {
    expect(inParts([])).toEqual([]);
    expect(inParts(['a', 'b', 'c'], { bytesMax: 8 })).toEqual([['a', 'b'], ['c']]);
    expect(inParts(Array.from({ length: 1_001 }, () => 'a')).map(({ length }) => length)).toEqual([
      500, 500, 1,
    ]);
  });
});
