import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { statusKey } from './go-status-text.ts';

describe('statusKey', () => {
  it.each([
    '200 OK',
    '202 Accepted',
    '203 Non-Authoritative Information',
    '226 IM Used',
    '305 Use Proxy',
    '307 Temporary Redirect',
    '413 Request Entity Too Large',
    '414 Request URI Too Long',
    '416 Requested Range Not Satisfiable',
    "418 I'm a teapot",
    '425 Too Early',
    '429 Too Many Requests',
    '451 Unavailable For Legal Reasons',
    '505 HTTP Version Not Supported',
    '511 Network Authentication Required',
    '299 ',
    '509 ',
    '999 ',
  ])('names %j as Go does', (key) => {
    expect(statusKey(Number(key.slice(0, 3)))).toBe(key);
  });

  it('knows the codes that Go knows and no other', () => {
    const known = Object.keys(STATUS_CODES).filter((code) => !statusKey(Number(code)).endsWith(' '));
    expect(known.map(Number)).toEqual([
      ...[100, 101, 102, 103],
      ...[200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
      ...[300, 301, 302, 303, 304, 305, 307, 308],
      ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418],
      ...[421, 422, 423, 424, 425, 426, 428, 429, 431, 451],
      ...[500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
    ]);
  });
});
