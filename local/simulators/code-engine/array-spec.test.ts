import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIndices, parseArraySpec } from './array-spec.ts';

describe('scale_array_spec', () => {
  it.each([
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['1,3, 5 - 7', [1, 3, 5, 6, 7]],
    ['7,5-6,5', [5, 6, 7]],
  ])('%j names %j', (spec, indices) => {
    expect(parseArraySpec(spec)).toEqual(indices);
  });

  it.each(['', '-1', '3-1', '1-', 'a', '0-1000', '0-499,500-1000', '99999999', '1;2'])(
    'refuses %j',
    (spec) => {
      expect(parseArraySpec(spec)).toBeUndefined();
    },
  );

  it('shows indices so that they can be read again', () => {
    const indices = fc
      .uniqueArray(fc.nat(60), { minLength: 1 })
      .map((list) => list.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(indices, (list) => {
        expect(parseArraySpec(formatIndices(list))).toEqual(list);
      }),
    );
    expect(formatIndices([0, 1, 2, 9, 12, 13])).toBe('0-2,9,12-13');
  });
});
