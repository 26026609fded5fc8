import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowedId, isPossibleId } from './id-pattern.ts';
import { naturalId } from './registration-id.ts';

describe('the natural id', () => {
  it('never changes: what is stored is found again', () => {
    expect(naturalId('QM1', 'DEV.QUEUE.1', 'https://app.example/hook')).toBe(
      'a3f19d35-442c-5c19-9e25-ca569f3fb52a',
    );
  });

  it('is a UUID of version 5, the same for the same three, another for any other', () => {
    const three = fc.tuple(fc.string(), fc.string(), fc.string());
    fc.assert(
      fc.property(three, three, (a, b) => {
        const id = naturalId(...a);
        expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
        expect(naturalId(...b) === id).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it.each([
    [
      ['Q', 'M1', 'x'],
      ['QM', '1', 'x'],
    ],
    [
      ['QM1', 'A","B', 'x'],
      ['QM1","A', 'B', 'x'],
    ],
  ] as const)('does not run the parts together: %j and %j', (a, b) => {
    expect(naturalId(a[0], a[1], a[2])).not.toBe(naturalId(b[0], b[1], b[2]));
  });
});

describe('an id of the owner', () => {
  it.each(['x', '../../etc/passwd', 'a/b?c#d%20', 'ä😀', '__proto__', ' ', '"', '😀'.repeat(256)])(
    'may be %j',
    (id) => expect(isPossibleId(id)).toBe(true),
  );

  it.each(['', '\u0000', 'a\nb', 'a\u007f', '\ud800', '\udc00x', 'x'.repeat(257), '😀'.repeat(257)])(
    'may not be %j',
    (id) => expect(isPossibleId(id)).toBe(false),
  );

  it.each([
    ['.', false],
    ['..', false],
    ['...', true],
    ['.a', true],
    ['', false],
  ])('that no path can carry is not given anew: %j', (id, isAllowed) =>
    expect(isAllowedId(id)).toBe(isAllowed),
  );
});
