import { encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, type NatsEncoding } from './message-codec.ts';

const PAYLOAD = {
  CE_QMGR: 'QM1',
  CE_QUEUE: 'DEV.QUEUE.1',
  CE_DEPTH: '5',
  ID: 'orders',
  notification: 'messages found on queue',
};

const ENCODINGS: readonly NatsEncoding[] = [
  { serialization: 'json', compression: 'none' },
  { serialization: 'json', compression: 'zstd' },
  { serialization: 'cbor', compression: 'none' },
  { serialization: 'cbor', compression: 'zstd' },
];

function decode(headers: Readonly<Record<string, string>>, data: Uint8Array, bytesMax?: number) {
  return decodeMessage((name) => headers[name], data, bytesMax);
}

function problemOf(headers: Readonly<Record<string, string>>, data: Uint8Array, bytesMax?: number): string {
  const decoded = decode(headers, data, bytesMax);
  return decoded.ok ? `value ${JSON.stringify(decoded.value)}` : decoded.problem;
}

const CBOR = { serial: 'cbor' };

function hex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

describe('a message', () => {
  it.each(ENCODINGS)('is read as it was written: $serialization, $compression', (encoding) => {
    const { headers, data } = encodeMessage(PAYLOAD, encoding);
    expect(headers).toEqual({
      ...(encoding.serialization === 'cbor' ? { serial: 'cbor' } : {}),
      ...(encoding.compression === 'zstd' ? { cmp: 'z' } : {}),
    });
    expect(decode(headers, data)).toEqual({ ok: true, value: PAYLOAD, encoding });
  });

  it('keeps any JSON value, in every encoding', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...ENCODINGS), (any, encoding) => {
        // JSON knows no minus zero.
        const value: unknown = JSON.parse(JSON.stringify(any));
        const { headers, data } = encodeMessage(value, encoding);
        expect(decode(headers, data)).toEqual({ ok: true, value, encoding });
      }),
    );
  });

  it('is read or refused in words, whatever it holds', () => {
    const anyHeaders = fc.record({
      serial: fc.constantFrom('json', 'cbor', 'gob'),
      cmp: fc.constantFrom('z', 'gzip'),
    });
    fc.assert(
      fc.property(anyHeaders, fc.uint8Array({ maxLength: 64 }), (headers, data) => {
        const decoded = decode(headers, data);
        if (!decoded.ok) expect(decoded.problem).toMatch(/^(?:is|has|holds|needs|takes) /);
      }),
    );
  });

  it('is refused when a header says what is not known', () => {
    const data = Buffer.from('{}');
    expect(problemOf({ serial: 'gob' }, data)).toBe(
      'has the unknown serial header "gob": cbor, json or none is expected',
    );
    expect(problemOf({ cmp: 'gzip\r\nx: y' }, data)).toBe(
      'has the unknown cmp header "gzip x: y": z (zstd) or none is expected',
    );
    expect(problemOf({ serial: 'x'.repeat(10_000) }, data).length).toBeLessThan(300);
  });

  it('is refused when it is longer than allowed', () => {
    expect(problemOf({}, Buffer.from('"12345"'), 6)).toBe('is larger than 6 bytes');
    const { headers, data } = encodeMessage('a'.repeat(100), { serialization: 'json', compression: 'zstd' });
    expect(problemOf(headers, data, 101)).toMatch(/^is larger than 101 bytes/);
  });

  it('is refused as JSON without a piece of what it held', () => {
    for (const text of ['', 'done', '{"ok":', '{"password":hunter2}'])
      expect(problemOf({}, Buffer.from(text))).toBe('is not valid JSON');
    expect(problemOf({}, Buffer.from([0x22, 0xff, 0x22]))).toBe('is not valid JSON');
  });

  it.each([
    ['nothing', ''],
    ['a text that ends early', '6561'],
    ['a list that says it has four thousand million entries', '9affffffff'],
    ['a text that says it is longer than memory', '7bffffffffffffffff'],
    ['a length in a longer form than needed', '1801'],
    ['a list without a length', '9f01ff'],
    ['a break alone', 'ff'],
    ['undefined', 'f7'],
    ['infinity', 'f97c00'],
    ['no number', 'f97e00'],
    ['a date', 'c074323031332d30332d32315432303a30343a30305a'],
    ['bytes', '4101'],
    ['no bytes', '40'],
    ['a key twice', 'a2616101616102'],
    ['a key that is no text', 'a10101'],
    ['more than one value', '0101'],
    ['a whole number that JSON readers round', '1b0020000000000001'],
  ])('is refused as CBOR: %s', (_case, bytes) => {
    expect(problemOf(CBOR, hex(bytes))).toMatch(/^is not valid CBOR/);
  });

  it('is refused when nested deeper than 32 levels, in either form', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const asCbor = (levels: number) => Buffer.concat([Buffer.alloc(levels - 1, 0x81), Buffer.from([0x80])]);
    expect(problemOf({}, Buffer.from(nested(32)))).toBe(`value ${nested(32)}`);
    expect(problemOf({}, Buffer.from(nested(33)))).toBe('is nested more than 32 levels deep');
    expect(problemOf({}, Buffer.from(nested(200_000)))).toMatch(/^is /);
    expect(problemOf(CBOR, asCbor(32))).toBe(`value ${nested(32)}`);
    expect(problemOf(CBOR, asCbor(33))).toMatch(/nested more than 32 levels deep/);
    expect(problemOf(CBOR, asCbor(200_000))).toMatch(/nested more than 32 levels deep/);
  });

  it('counts as deep what is nested, not what stands side by side', () => {
    const wide = Array.from({ length: 100 }, (_, index) => ({ index, list: [[], [[]]], text: '' }));
    expect(decode(CBOR, encode(wide))).toMatchObject({ ok: true, value: wide });
  });
});
