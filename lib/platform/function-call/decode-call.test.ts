import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCall } from './decode-call.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a call of the platform', () => {
  it('is read as it was captured there', () => {
    const call = decodeCall({
      __ce_body: 'eyJoZWFsdGgiOiB0cnVlfQ==',
      __ce_headers: { Accept: '*/*', 'Content-Type': 'application/json', 'X-Request-Id': '0376' },
      __ce_method: 'POST',
      __ce_path: '/',
      __ce_query: '',
      health: true,
    });
    expect(call).toEqual({
      method: 'POST',
      path: '/',
      rawQuery: '',
      query: new URLSearchParams(),
      headers: { accept: '*/*', 'content-type': 'application/json', 'x-request-id': '0376' },
      body: Buffer.from('{"health": true}'),
    });
  });

  it('may lack every key', () => {
    const nothing = {
      method: 'POST',
      path: '/',
      rawQuery: '',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
    };
    for (const params of [
      {},
      undefined,
      null,
      [],
      'x',
      5,
      true,
      { __ce_path: '', __ce_method: '', __ce_query: '', __ce_body: '' },
    ])
      expect(decodeCall(params)).toEqual(nothing);
  });

  it('keeps path and query as they were sent', () => {
    const call = decodeCall({
      __ce_method: 'delete',
      __ce_path: '/register/a%2Fb',
      __ce_query: 'ID=a%20b&x=1+2&x=3',
    });
    expect([call.method, call.path, call.rawQuery]).toEqual([
      'DELETE',
      '/register/a%2Fb',
      'ID=a%20b&x=1+2&x=3',
    ]);
    expect([...call.query]).toEqual([
      ['ID', 'a b'],
      ['x', '1 2'],
      ['x', '3'],
    ]);
  });

  it('is what the platform says, whatever the caller merged beside it', () => {
    const call = decodeCall({
      method: 'GET',
      path: '/admin/flush',
      headers: { authorization: 'x' },
      body: 'evil',
      __proto__: { __ce_path: '/y' },
    });
    expect([call.method, call.headers, call.body.length]).toEqual(['POST', {}, 0]);
  });
});

describe('the body', () => {
  it.each<[string | undefined, string, string]>([
    ['application/json', base64('{"a":"ü"}'), '{"a":"ü"}'],
    ['Application/JSON; charset=utf-8', base64('{}'), '{}'],
    [undefined, base64('{"a":1}'), '{"a":1}'],
    ['', base64('ID=x'), 'ID=x'],
    ['application/octet-stream', base64('bytes'), 'bytes'],
    ['application/cloudevents+json', base64('{}'), '{}'],
    ['application/x-www-form-urlencoded', 'QMGR=a%20b&x=%3D', 'QMGR=a%20b&x=%3D'],
    ['Application/X-WWW-Form-Urlencoded;charset=utf-8', 'abcd', 'abcd'],
    ['application/x-www-form-urlencoded ; charset=utf-8', 'abcd', 'abcd'],
    ['application/x-www-form-urlencodedx', base64('QMGR=a'), 'QMGR=a'],
    ['text/plain', 'abcd', 'abcd'],
    ['text/plain; charset=utf-8', base64('x'), base64('x')],
    ['TEXT/PLAIN', 'größe', 'größe'],
    ['application/json', '{"plain":"json"}', '{"plain":"json"}'],
    ['application/json', '["plain"]', '["plain"]'],
    [undefined, 'QMGR=a&QUEUE=b', 'QMGR=a&QUEUE=b'],
  ])('of type %j given as %j is %j', (type, given, body) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    expect(String(decodeCall({ __ce_headers: headers, __ce_body: given }).body)).toBe(body);
  });

  it('of bytes comes through unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const params = {
          __ce_headers: { 'Content-Type': 'application/octet-stream' },
          __ce_body: Buffer.from(bytes).toString('base64'),
        };
        expect([...decodeCall(params).body]).toEqual([...bytes]);
      }),
    );
  });
});

describe('headers', () => {
  it('are texts; what is not one is not there', () => {
    const headers = { A: 'x', B: 5, C: null, D: ['y'], E: { f: 'z' }, F: '' };
    expect(decodeCall({ __ce_headers: headers }).headers).toEqual({ a: 'x', f: '' });
  });

  it.each([null, 5, 'x', ['authorization'], true])('given as %j are none', (headers) => {
    expect(decodeCall({ __ce_headers: headers }).headers).toEqual({});
  });

  it('cannot be used to reach prototypes', () => {
    const params = JSON.parse(
      '{"__ce_headers":{"__proto__":"x","constructor":"y"},"__proto__":{"__ce_method":"GET"}}',
    ) as object;
    const call = decodeCall(params);
    expect(Object.getPrototypeOf(call.headers)).toBe(Object.prototype);
    expect(call.method).toBe('POST');
    expect(call.headers['authorization']).toBeUndefined();
  });
});

it('any params are read without an exception', () => {
  const keys = fc.constantFrom('__ce_method', '__ce_headers', '__ce_path', '__ce_query', '__ce_body', 'x');
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.dictionary(keys, fc.oneof(fc.anything(), fc.string({ unit: 'binary' })))),
      (params) => {
        const call = decodeCall(params);
        expect(call.method).not.toBe('');
        expect(Buffer.isBuffer(call.body)).toBe(true);
      },
    ),
  );
});
