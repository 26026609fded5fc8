import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeStored, jsonOf } from './stored-json.ts';

describe('what is stored', () => {
  it('reads back as it was written, with its sum', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
        const { sum, ...rest } = JSON.parse(encodeStored({ ...value, last: 1 })) as { sum: string };
        expect(sum).toMatch(/^[0-9a-f]{16}$/);
        expect(JSON.stringify(rest)).toBe(
          JSON.stringify(
            Object.fromEntries(Object.entries({ ...value, last: 1 }).filter(([k]) => k !== 'sum')),
          ),
        );
        expect(jsonOf(Buffer.from(encodeStored({ ...value, last: 1 })))).toEqual({ ...rest, sum });
      }),
    );
  });

  it('is never taken for something else when one of its bits flips', () => {
    const value = { id: 'ä', failures: 7, notify: 'https://app.example/hook' };
    const text = Buffer.from(encodeStored(value));
    for (let bit = 0; bit < text.length * 8; bit++) {
      const flipped = Buffer.from(text);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = jsonOf(flipped);
      if (read !== undefined) expect(read).toMatchObject(value);
    }
  });

  it.each(['{"id":"a"}', '[]', '7', '{"sum":"0123456789abcdef"}'])(
    'is taken as it is without a sum: %s',
    (text) => {
      expect(jsonOf(Buffer.from(text))).toEqual(JSON.parse(text));
    },
  );

  it.each(['', '{', '{"id":"a","sum":"0123456789abcdef"}', '{"id":"a","sum":"0123456789abcdef"'])(
    'is damaged: %s',
    (text) => {
      expect(jsonOf(Buffer.from(text))).toBeUndefined();
    },
  );
});
