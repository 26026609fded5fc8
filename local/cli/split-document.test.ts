import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inParts } from './split-document.ts';

const BYTES_MAX = 30;

describe('inParts', () => {
  it('keeps all entries in their order, and each part within its limit unless one entry is longer', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40, unit: 'grapheme' })), (entries) => {
        const parts = inParts(entries, BYTES_MAX);
        expect(parts.flat()).toEqual(entries);
        for (const part of parts) {
          const bytes = part.reduce<number>(
            (sum, one) => sum + Buffer.byteLength(JSON.stringify(one)) + 1,
            0,
          );
          expect(part.length === 1 || bytes <= BYTES_MAX).toBe(true);
        }
      }),
    );
  });

  it('makes no part of nothing, and as few as it can', () => {
    expect(inParts([])).toEqual([]);
    expect(inParts(['a', 'b', 'c'], 8)).toEqual([['a', 'b'], ['c']]);
  });
});
