import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answerOk,
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../../test/support/scripted-server.ts';
import { createHttpClient, HttpFailure, type HttpClient, type OutgoingRequest } from './http-client.ts';

const closing: (() => unknown)[] = [];
/** What nobody caught while a test ran. */
const escaped: unknown[] = [];
const onEscape = (error: unknown): void => void escaped.push(error);
beforeEach(() => {
  process.on('uncaughtException', onEscape);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('uncaughtException', onEscape);
  const [first] = escaped.splice(0);
  if (first !== undefined) throw new Error('nobody caught this', { cause: first });
});

const aServer = async (script: Script): Promise<ScriptedServer> => {
  const server = await startScriptedServer(script);
  closing.push(server.close);
  return server;
};
const aClient = (): HttpClient => {
  const client = createHttpClient();
  closing.push(client.close);
  return client;
};
const send = (url: string, given: Partial<OutgoingRequest> = {}): Promise<unknown> =>
  aClient().send({
    method: 'POST',
    url,
    headers: {},
    body: '{}',
    timeoutMs: 2_000,
    answerBytesMax: 1024,
    ...given,
  });
const failureOf = async (exchange: Promise<unknown>): Promise<HttpFailure> => {
  const error: unknown = await exchange.then(
    () => 'an answer',
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpFailure)) throw new Error(`no HttpFailure, but ${String(error)}`);
  return error;
};

/** Writes a piece of text again and again until the connection is gone. */
const drip = (socket: Socket, piece: string): void => {
  const timer = setInterval(() => socket.write(piece), 10);
  socket.on('close', () => clearInterval(timer));
};

describe('a peer that takes its time', () => {
  it.each<[string, Script]>([
    ['answers nothing', () => undefined],
    [
      'sends headers without an end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        drip(socket, 'x-more: y\r\n');
      },
    ],
    ['breaks off in the status line', (socket) => void socket.write('HTTP/1.1 2')],
    [
      'sends less than it promised',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort'),
    ],
    [
      'drips its body',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        drip(socket, '1\r\nx\r\n');
      },
    ],
    ['sends nothing but 100 Continue', (socket) => drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n')],
  ])('and %s is left when the time is over', async (_, script) => {
    const server = await aServer(script);
    const startedMs = performance.now();
    const failure = await failureOf(send(server.url, { timeoutMs: 150 }));
    expect(failure).toMatchObject({ code: 'timeout', message: 'no complete answer within 150 ms' });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('has only the time that waiting for a connection has left', async () => {
    const server = await aServer(() => undefined);
    const client = createHttpClient({ connectionsPerHostMax: 1 });
    closing.push(client.close);
    const request = {
      method: 'GET',
      url: server.url,
      headers: {},
      timeoutMs: 150,
      answerBytesMax: 1,
    } as const;
    const codes = await Promise.all(
      [client.send(request), client.send(request)].map(async (one) => (await failureOf(one)).code),
    );
    expect(codes).toEqual(['timeout', 'timeout']);
  });
});

describe('a peer that breaks off', () => {
  it.each<[string, Script, string]>([
    ['before it answers', (socket) => void socket.end(), 'reset'],
    ['with a reset', (socket) => void socket.resetAndDestroy(), 'reset'],
    ['in its headers', (socket) => void socket.end('HTTP/1.1 200 OK\r\nx-'), 'reset'],
    [
      'in its body',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort'),
      'reset',
    ],
    [
      'in a chunk',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nshort'),
      'reset',
    ],
    ['to talk nonsense', (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'), 'protocol'],
    [
      'with two lengths',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'),
      'protocol',
    ],
    [
      'with a bad chunk',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
      'protocol',
    ],
    [
      'with headers without measure',
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`),
      'protocol',
    ],
  ])('%s is a failure of its kind', async (_, script, code) => {
    const server = await aServer(script);
    expect((await failureOf(send(server.url))).code).toBe(code);
  });

  it.each([
    ['naming it', 'connection: upgrade\r\nupgrade: x\r\n\r\nxyz'],
    ['naming none', '\r\n'],
    ['with a length', 'upgrade: x\r\ncontent-length: 3\r\n\r\nx'],
  ])('to speak another protocol, %s, has answered, and is hung up on', async (_, rest) => {
    let hungUp = new Promise<void>(() => {});
    const server = await aServer((socket) => {
      hungUp = new Promise((resolve) => void socket.once('close', () => resolve()));
      socket.write(`HTTP/1.1 101 Switching\r\n${rest}`);
    });
    expect(await send(server.url)).toMatchObject({ status: 101, truncated: false });
    await hungUp;
  });

  it('after a whole answer without a length has answered', async () => {
    const server = await aServer(
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it'),
    );
    expect(await send(server.url)).toMatchObject({ status: 200, truncated: false });
  });

  it('or is not there is told apart', async () => {
    const server = await startScriptedServer(answerOk);
    await server.close();
    expect((await failureOf(send(server.url))).code).toBe('connect');
    expect((await failureOf(send('http://nowhere.invalid/'))).code).toBe('dns');
  });
});

describe('calling it off', () => {
  it.each<[string, Script]>([
    ['before an answer', () => undefined],
    [
      'in the middle of one',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort'),
    ],
  ])('%s ends the exchange at once', async (_, script) => {
    const controller = new AbortController();
    const server = await aServer((socket, request) => {
      script(socket, request);
      setTimeout(() => controller.abort(), 20);
    });
    const failure = await failureOf(send(server.url, { signal: controller.signal }));
    expect(failure).toMatchObject({ code: 'aborted', message: 'the exchange was called off' });
  });

  it('beforehand sends nothing', async () => {
    const server = await aServer(answerOk);
    expect((await failureOf(send(server.url, { signal: AbortSignal.abort() }))).code).toBe('aborted');
    expect(server.requests).toHaveLength(0);
  });

  it('afterwards changes nothing, and nothing is left listening', async () => {
    const controller = new AbortController();
    let listening = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listening += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listening -= 1;
      remove(...args);
    };
    const server = await aServer(answerOk);
    expect(await send(server.url, { signal })).toMatchObject({ status: 200 });
    controller.abort();
    expect(listening).toBe(0);
  });
});

describe('a request that cannot be made', () => {
  it.each([
    '',
    'x',
    '/path',
    'http://',
    'http://a b/',
    'http://[::1',
    'http://1.2.3.4.5.6/',
    'http://127.0.0.1:99999/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://127.0.0.1/€',
    'http://127.0.0.1/a b',
    'http://127.0.0.1/\r\nx: y',
  ])('because of its URL %j is a failure like any other', async (url) => {
    const failure = await failureOf(send(url));
    expect(failure.code).toBe('protocol');
    expect(failure.message).not.toContain('passwd');
  });

  it.each<Record<string, string>>([
    { 'x-bad': 'a\r\nb: c' },
    { 'x-bad': 'a\u0000b' },
    { 'x-bad': '€' },
    { 'bad name': 'v' },
    { '': 'v' },
    { 'x:y': 'v' },
    { 'x\r\ny': 'v' },
  ])(
    'because of its headers %j is a failure like any other, and says nothing of their values',
    async (headers) => {
      const server = await aServer(answerOk);
      const failure = await failureOf(send(server.url, { headers }));
      expect(failure).toMatchObject({
        code: 'protocol',
        message: expect.stringMatching(/^the request could not be made \(ERR_/) as string,
      });
      expect(server.requests).toHaveLength(0);
    },
  );

  it('is one of these two: an answer or an HttpFailure, whatever is asked', async () => {
    const server = await aServer((socket) => respond(socket, '200 OK'));
    const url = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((path) => `${server.url}/${path}`),
      fc.webPath().map((path) => server.url + path),
    );
    const headers = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      { maxKeys: 3 },
    );
    const client = aClient();
    await fc.assert(
      fc.asyncProperty(url, headers, async (given, some) => {
        // Only what stays on this machine.
        if (URL.canParse(given) && new URL(given).hostname !== '127.0.0.1') return;
        const request = {
          method: 'POST',
          url: given,
          headers: some,
          body: 'x',
          timeoutMs: 300,
          answerBytesMax: 10,
        } as const;
        const end = await client.send(request).then(
          ({ status }) => status,
          (error: unknown) => error,
        );
        expect(typeof end === 'number' || end instanceof HttpFailure).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
