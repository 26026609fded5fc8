import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer, isSealed } from './sealer.ts';
import { secret } from './secret.ts';

const key = (byte: number) => secret(Buffer.alloc(32, byte).toString('base64'));
const sealer = createSealer([key(1)]);

describe('what is sealed', () => {
  it('comes back as it was, for what it belongs to and for nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, boundTo, other) => {
        const sealed = sealer.seal(text, boundTo);
        expect(isSealed(sealed)).toBe(true);
        expect(sealed).toMatch(/^enc:1:[\da-f]{8}:[\w-]+$/);
        expect(sealer.open(sealed, boundTo)).toBe(text);
        expect(sealer.open(sealed, other)).toBe(other === boundTo ? text : undefined);
      }),
    );
  });

  it('looks different every time and shows nothing of the text', () => {
    const text = 'hunter2'.repeat(20);
    const both = [sealer.seal(text, 'x'), sealer.seal(text, 'x')];
    expect(both[0]).not.toBe(both[1]);
    for (const sealed of both)
      expect(Buffer.from(sealed.slice(15), 'base64url').toString('latin1')).not.toContain('hunter2');
  });

  it('cannot be opened once a single character of it was changed', () => {
    const sealed = sealer.seal('a secret', 'x');
    const start = sealed.lastIndexOf(':') + 1;
    // The last character may carry bits that belong to no byte.
    fc.assert(
      fc.property(fc.integer({ min: start, max: sealed.length - 2 }), (at) => {
        const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
        expect(sealer.open(changed, 'x')).toBeUndefined();
      }),
    );
  });

  it('cannot be opened when it was cut, or never sealed, and nothing is thrown', () => {
    const sealed = sealer.seal('a secret', 'x');
    expect(sealer.open(sealed.replace('enc:1:', 'enc:2:'), 'x')).toBeUndefined();
    for (let length = 0; length < sealed.length - 1; length++)
      expect(sealer.open(sealed.slice(0, length), 'x')).toBeUndefined();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => sealed.slice(0, 15) + text),
        ),
        (text) => {
          expect(sealer.open(text, 'x')).toBeUndefined();
        },
      ),
    );
  });
});

describe('keys', () => {
  it('can be changed: the first seals, all open', () => {
    const old = sealer.seal('text', 'x');
    const rotated = createSealer([key(2), key(1)]);
    expect(rotated.open(old, 'x')).toBe('text');
    const fresh = rotated.seal('text', 'x');
    expect(createSealer([key(2)]).open(fresh, 'x')).toBe('text');
    expect(sealer.open(fresh, 'x')).toBeUndefined();
  });

  it('are needed to seal and to open', () => {
    const none = createSealer([]);
    expect([none.canSeal, sealer.canSeal]).toEqual([false, true]);
    expect(() => none.seal('text', 'x')).toThrow(/ENCRYPTION_KEYS/);
    expect(none.open(sealer.seal('text', 'x'), 'x')).toBeUndefined();
  });
});
