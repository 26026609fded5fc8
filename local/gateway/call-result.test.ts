import { describe, expect, it } from 'vitest';
import { readCallResult, type GatewayAnswer } from './call-result.ts';

const answerTo = (result: unknown): GatewayAnswer => {
  const reading = readCallResult(result);
  if (reading.kind === 'invalid') throw new Error(reading.detail);
  return reading.answer;
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the result of a call', () => {
  it.each([
    ['an object as JSON', 'application/json', { a: 1 }, '{"a":1}'],
    ['a list as JSON', 'application/json; charset=utf-8', [1, 2], '[1,2]'],
    ['a text that is JSON already', 'application/json', '{"a":1}', '{"a":1}'],
    ['a text', 'text/html', '<p>ü</p>', '<p>ü</p>'],
    ['a text without a type', undefined, 'hello', 'hello'],
    ['base64 of another type', 'application/problem+json', base64('{"status":404}'), '{"status":404}'],
    ['base64 of an image', 'image/png', base64('png!'), 'png!'],
    ['no body', 'application/json', undefined, ''],
    ['null as no body', 'application/json', null, ''],
  ])('gives back %s', (_what, type, body, expected) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    expect(answerTo({ statusCode: 200, headers, body }).body.toString()).toBe(expected);
  });

  it('is plain text with status 200 when it says nothing', () => {
    expect(answerTo({})).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: Buffer.alloc(0),
    });
    expect(readCallResult({})).toMatchObject({ statusWasSet: false });
    expect(readCallResult({ statusCode: 200 })).toMatchObject({ statusWasSet: true });
  });

  it('names headers in lower case and takes texts, numbers, switches and lists', () => {
    const headers = { 'X-Text': 'a', 'X-Count': 3, 'X-On': true, 'Set-Cookie': ['a=1', 'b=2'] };
    expect(answerTo({ headers }).headers).toMatchObject({
      'x-text': 'a',
      'x-count': '3',
      'x-on': 'true',
      'set-cookie': ['a=1', 'b=2'],
    });
  });

  it('leaves the connection and the length to the server', () => {
    const headers = {
      Connection: 'close',
      'Transfer-Encoding': 'chunked',
      'Content-Length': 999,
      'X-Own': '1',
    };
    expect(Object.keys(answerTo({ headers }).headers)).toEqual(['x-own', 'content-type']);
  });

  it.each([200, 204, 299, 404, 599])('may have status %d', (statusCode) => {
    expect(answerTo({ statusCode }).status).toBe(statusCode);
  });

  it.each([
    ['a status below 200', { statusCode: 101 }],
    ['a status above 599', { statusCode: 600 }],
    ['a status with a fraction', { statusCode: 200.5 }],
    ['a status as text', { statusCode: '200' }],
    ['no object', 'done'],
    ['a list', [{ statusCode: 200 }]],
    ['nothing', null],
    ['headers that are no object', { headers: ['a'] }],
    ['a header that is an object', { headers: { a: {} } }],
    ['a header of null', { headers: { a: null } }],
    ['a header with a line break', { headers: { a: 'b\r\nSet-Cookie: x' } }],
    ['a list with a line break', { headers: { a: ['b', 'c\nd'] } }],
    ['a header that fits no byte', { headers: { a: '→' } }],
    ['a header name that is none', { headers: { 'a b': 'c' } }],
    ['an object as text', { headers: { 'content-type': 'text/plain' }, body: {} }],
    ['an object without a type', { body: {} }],
    ['an object as problem+json', { headers: { 'content-type': 'application/problem+json' }, body: {} }],
    ['plain text as an image', { headers: { 'content-type': 'image/png' }, body: 'not base64!' }],
  ])('is refused with %s', (_what, result) => {
    expect(readCallResult(result)).toMatchObject({ kind: 'invalid' });
  });
});
