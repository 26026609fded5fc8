import { describe, expect, it } from 'vitest';
import { canonicalHeaderName, functionHeaders } from './request-headers.ts';

describe('the headers that a function sees', () => {
  it.each([
    ['mykey', 'Mykey'],
    ['x-request-id', 'X-Request-Id'],
    ['CE-ID', 'Ce-Id'],
    ['www-authenticate', 'Www-Authenticate'],
    ['x-b3-traceid', 'X-B3-Traceid'],
    ['x_y', 'X_y'],
  ])('name %s as Go does: %s', (name, canonical) => {
    expect(canonicalHeaderName(name)).toBe(canonical);
  });

  it('hold neither Host nor what concerns one connection only', () => {
    const headers = {
      host: 'a.example',
      connection: 'keep-alive, X-Secret-Hop',
      'keep-alive': 'timeout=5',
      'x-secret-hop': '1',
      te: 'trailers',
      trailer: 'expires',
      'transfer-encoding': 'chunked',
      upgrade: 'h2c',
      'proxy-authorization': 'Basic x',
      authorization: 'Bearer t',
    };
    expect(functionHeaders(headers)).toEqual({ Authorization: 'Bearer t' });
  });

  it('are one text per name', () => {
    expect(functionHeaders({ 'set-cookie': ['a', 'b'], accept: 'x, y', gone: undefined })).toEqual({
      'Set-Cookie': 'a, b',
      Accept: 'x, y',
    });
  });
});
