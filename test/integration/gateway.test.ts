import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aFunction } from '../../local/testing/functions.ts';
import { ECHO, PUPPET } from '../../local/testing/stand-in-bundles.ts';
import { startStandInHost, type StandInHost } from '../../local/testing/stand-in-host.ts';

const functions = [
  aFunction({ name: 'echo' }),
  aFunction({
    name: 'puppet',
    maxExecutionSeconds: 1,
    triggers: [{ kind: 'http', paths: ['/puppet'], takesUnknownPaths: false }],
  }),
];
let host: StandInHost;

beforeAll(async () => {
  host = await startStandInHost({ functions, sources: { echo: ECHO, puppet: PUPPET } });
});
afterAll(() => host.stop());

const MIB = 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** Sends what fetch would not: any method, any header, a path as it is. */
const send = (
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const url = new URL(host.url);
    const request = http.request({ host: url.hostname, port: url.port, path, method, headers, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: String(Buffer.concat(chunks)),
        }),
      );
    });
    request.end(body);
  });
const json = (answer: Answer): Record<string, unknown> => JSON.parse(answer.text) as Record<string, unknown>;
const puppet = (what: string, more: object = {}): Promise<Answer> =>
  send('/puppet', { method: 'POST', body: JSON.stringify({ do: what, ...more }) });

/** Sends bytes as they are and resolves with what came back until the connection was closed. */
const sendRaw = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(host.url).port), '127.0.0.1', () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(String(Buffer.concat(chunks))));
  });

describe('a request through the gateway', () => {
  it('reaches main as it would on the platform', async () => {
    const answer = await send('/echo/a%20b?x=1&y=%C3%BC', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-own': 'yes', 'x-request-id': 'r-1', te: 'trailers' },
      body: '{"a":{"b":1},"x":"body"}',
    });
    expect(json(answer)).toEqual({
      __ce_method: 'POST',
      __ce_path: '/echo/a%20b',
      __ce_query: 'x=1&y=%C3%BC',
      __ce_body: Buffer.from('{"a":{"b":1},"x":"body"}').toString('base64'),
      __ce_headers: {
        'Content-Type': 'application/json',
        'X-Own': 'yes',
        'X-Request-Id': 'r-1',
        'Content-Length': '24',
      },
      a: { b: 1 },
      x: 'body',
      y: 'ü',
    });
    expect(answer.headers['x-request-id']).toBe('r-1');
    expect(answer.headers['x-faas-actionstatus']).toBe('200');
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('keeps its method %s', async (method) => {
    expect(json(await send('/echo', { method }))['__ce_method']).toBe(method);
  });

  it('keeps the body of a DELETE', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '4' };
    expect(json(await send('/echo', { method: 'DELETE', headers, body: 'ID=1' }))['__ce_body']).toBe('ID=1');
  });

  it('answers HEAD without a body', async () => {
    const answer = await send('/echo', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0);
  });

  it('gets an id of its own when it has none', async () => {
    const ids = [await send('/echo'), await send('/echo')].map((answer) => answer.headers['x-request-id']);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => typeof id === 'string' && id.length === 36)).toBe(true);
  });

  it.each(['r-1', 'A.b_c-9', 'x'.repeat(128)])('keeps an id that is plain: %s', async (id) => {
    const answer = await send('/echo', { headers: { 'x-request-id': id } });
    expect(answer.headers['x-request-id']).toBe(id);
    expect(json(answer)['__ce_headers']).toMatchObject({ 'X-Request-Id': id });
  });

  it.each(['', 'x'.repeat(129), 'a b', '<script>', 'é', '{"level":"error"}', 'a\tb'])(
    'gets an id of its own in place of %j',
    async (id) => {
      const answer = await send('/echo', { headers: { 'x-request-id': id } });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(json(answer)['__ce_headers']).toMatchObject({
        'X-Request-Id': answer.headers['x-request-id'] as string,
      });
    },
  );

  it('is refused when it sets a key of the platform', async () => {
    const answer = await send('/echo?__ce_path=/admin');
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(json(answer)).toMatchObject({ status: 400, type: 'urn:mq-observer:problem:invalid-request' });
  });

  it('is refused when its JSON is nested more deeply than anything can write', async () => {
    const answer = await send('/echo', {
      method: 'POST',
      body: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    });
    expect(answer.status).toBe(400);
  });

  it('may have a body of five megabytes and not a byte more', async () => {
    const headers = { 'content-type': 'text/plain' };
    const largest = await send('/puppet', { method: 'POST', headers, body: Buffer.alloc(5 * MIB, 'x') });
    expect(largest.status).toBe(200);
    const larger = await send('/puppet', { method: 'POST', headers, body: Buffer.alloc(5 * MIB + 1, 'x') });
    expect(larger.status).toBe(413);
    expect(json(larger)).toMatchObject({ type: 'urn:mq-observer:problem:too-large' });
  });

  it('is told that its body is too large before it sends it, if it asks', async () => {
    const head = `POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${6 * MIB}\r\nExpect: 100-continue\r\n\r\n`;
    expect(await sendRaw(head)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is told to go on, if it asks and may', async () => {
    const answer = await send('/echo', {
      method: 'POST',
      headers: { expect: '100-continue' },
      body: '{"a":1}',
    });
    expect(json(answer)).toMatchObject({ a: 1 });
  });
});

describe('an answer through the gateway', () => {
  it('may be binary', async () => {
    const answer = await fetch(`${host.url}/puppet`, {
      method: 'POST',
      body: '{"do":"binary"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  it('may carry several values under one header', async () => {
    const { headers } = await puppet('headers', { headers: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Number': 7 } });
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(headers['x-number']).toBe('7');
  });

  it('cannot split itself in two', async () => {
    const answer = await puppet('headers', { headers: { 'x-a': 'b\r\n\r\nHTTP/1.1 200 OK' } });
    expect(answer.status).toBe(422);
  });

  it.each([
    ['an invalid status', 'status', { status: '99' }, 422],
    ['a function', 'function', {}, 422],
    ['a circle', 'circular', {}, 422],
    ['six megabytes', 'large', {}, 416],
    ['a throw', 'throw', {}, 502],
    ['a crash', 'crash', {}, 502],
    ['no answer in time', 'never', {}, 299],
  ])('is a problem after %s', async (_what, what, more, status) => {
    const answer = await puppet(what, more);
    expect(answer.status).toBe(status);
    expect(json(answer)).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:mq-observer:problem:/) as string,
    });
    expect(answer.text).not.toContain('on purpose');
    expect((await puppet('count')).status).toBe(200);
  });

  it('that failed is explained in the log', async () => {
    await puppet('throw');
    expect(host.logged.join('')).toContain(
      '"called":"puppet","outcome":"threw","cause":"Error: thrown on purpose"',
    );
  });

  it('that took too long is told in the log, with the function and the path', async () => {
    await send('/puppet?secret=1', { method: 'POST', body: JSON.stringify({ do: 'never' }) });
    const line = host.logged.map((one) => JSON.parse(one) as Record<string, unknown>).at(-1);
    expect(line).toMatchObject({
      level: 'warn',
      called: 'puppet',
      outcome: 'timed-out',
      limitMs: 1_000,
      method: 'POST',
      path: '/puppet',
    });
  });

  it('of a status without a body has none', async () => {
    const answer = await puppet('status', { status: '204' });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers['content-length']).toBeUndefined();
  });
});

describe('a function called by its name', () => {
  it('is called as its own URL would', async () => {
    const answer = await send('/functions/echo/sub/path?x=1', { method: 'POST' });
    expect(json(answer)).toMatchObject({ __ce_path: '/sub/path', __ce_query: 'x=1', __ce_method: 'POST' });
    expect(json(await send('/functions/echo', { method: 'POST' }))['__ce_path']).toBe('/');
  });

  it('is not there under an unknown name', async () => {
    const answer = await send('/functions/nope', { method: 'POST' });
    expect(answer.status).toBe(404);
    expect(json(answer)['detail']).toBe('There is no function "nope"; there are echo, puppet.');
  });
});

describe('bytes that are no request', () => {
  it.each([
    ['nonsense', 'hello\r\n\r\n', 400],
    ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s are answered and the connection ends', async (_what, bytes, status) => {
    expect(await sendRaw(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});
