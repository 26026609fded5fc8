import { describe, expect, it } from 'vitest';
import { toCallParams, type GatewayRequest } from './call-params.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const request = (
  given: Partial<Omit<GatewayRequest, 'body'>> & { readonly body?: string | Buffer },
): GatewayRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: {},
  ...given,
  body: Buffer.from(given.body ?? ''),
});

const paramsOf = (given: Parameters<typeof request>[0]): Readonly<Record<string, unknown>> => {
  const result = toCallParams(request(given));
  if (result.kind === 'refused') throw new Error(result.detail);
  return result.params;
};

describe('the params of a call', () => {
  it('are what a function of the platform received for this request', () => {
    const captured = {
      __ce_body: 'eyJoZWFsdGgiOiB0cnVlfQ==',
      __ce_headers: {
        Accept: '*/*',
        'Content-Length': '16',
        'Content-Type': 'application/json',
        'User-Agent': 'curl/8.9.1',
        'X-Request-Id': '0376',
      },
      __ce_method: 'POST',
      __ce_path: '/',
      __ce_query: '',
      health: true,
    };
    const headers = {
      host: 'echo.example',
      accept: '*/*',
      'content-length': '16',
      'content-type': 'application/json',
      'user-agent': 'curl/8.9.1',
      'x-request-id': '0376',
    };
    expect(paramsOf({ headers, body: '{"health": true}' })).toEqual(captured);
  });

  it.each([
    ['application/json', '{"a":1}', base64('{"a":1}'), { a: 1 }],
    ['APPLICATION/JSON; charset=utf-8', '{"a":1}', base64('{"a":1}'), { a: 1 }],
    [undefined, '{"a":1}', base64('{"a":1}'), { a: 1 }],
    [undefined, '', '', {}],
    [undefined, 'QMGR=QM1', base64('QMGR=QM1'), {}],
    ['application/json', '[1,2]', base64('[1,2]'), {}],
    ['application/json', 'null', base64('null'), {}],
    ['application/json', '"text"', base64('"text"'), {}],
    ['application/json', '{"a":', base64('{"a":'), {}],
    ['application/x-www-form-urlencoded', 'a=1&b=%20', 'a=1&b=%20', {}],
    ['application/x-www-form-urlencoded;charset=UTF-8', 'a=1', 'a=1', {}],
    ['text/plain', 'grüß dich', 'grüß dich', {}],
    ['Text/XML', '<a/>', '<a/>', {}],
    ['application/octet-stream', '\u0000\u0001', base64('\u0000\u0001'), {}],
    ['image/png', 'png', base64('png'), {}],
    ['application/cloudevents+json', '{"a":1}', base64('{"a":1}'), {}],
    ['application/problem+json', '{"a":1}', base64('{"a":1}'), {}],
    ['multipart/form-data; boundary=x', '--x--', base64('--x--'), {}],
  ])('carry a body of type %s (%s) as the platform does', (type, body, carried, merged) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const { __ce_body, __ce_headers, __ce_method, __ce_path, __ce_query, ...others } = paramsOf({
      headers,
      body,
    });
    expect(__ce_body).toBe(carried);
    expect(others).toEqual(merged);
  });

  it.each([
    ['a=1&b=two', {}, { a: '1', b: 'two' }],
    ['a=%C3%BC+x', {}, { a: 'ü x' }],
    ['a=first&a=second', {}, { a: 'first' }],
    ['flag', {}, { flag: '' }],
    ['a=%zz', {}, { a: '%zz' }],
    ['id=query&only=query', { id: 'body' }, { id: 'body', only: 'query' }],
  ])('merge the query %s under the keys of the body', (query, body, merged) => {
    const params = paramsOf({
      query,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(params).toMatchObject(merged);
    expect(params['__ce_query']).toBe(query);
  });

  it('keep caller keys that look like ours beside the platform keys', () => {
    const params = paramsOf({ body: '{"body":"b","headers":{"x":1},"__proto__":{"polluted":true}}' });
    expect(params).toMatchObject({ body: 'b', headers: { x: 1 }, __ce_method: 'POST' });
    expect(Object.hasOwn(params, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['the body', { body: '{"__ce_path":"/admin"}' }],
    ['the body, under a name that the platform does not use yet', { body: '{"__ce_new":1}' }],
    ['the query', { query: '__ce_method=DELETE' }],
    ['the query, percent-encoded', { query: '%5f_ce_method=DELETE' }],
  ])('are refused when %s names a key of the platform', (_where, given) => {
    expect(toCallParams(request(given))).toMatchObject({ kind: 'refused' });
  });

  it('leave method, path and query as they came', () => {
    expect(paramsOf({ method: 'DELETE', path: '/register/a%2Fb', query: 'x=%41' })).toMatchObject({
      __ce_method: 'DELETE',
      __ce_path: '/register/a%2Fb',
      __ce_query: 'x=%41',
    });
  });
});
