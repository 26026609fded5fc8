import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerOk,
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../../test/support/scripted-server.ts';
import { selfSignedCertificate } from '../../test/support/self-signed-certificate.ts';
import {
  createHttpClient,
  HttpFailure,
  type HttpClient,
  type HttpClientOptions,
  type OutgoingRequest,
} from './http-client.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const aServer = async (script: Script): Promise<ScriptedServer> => {
  const server = await startScriptedServer(script);
  closing.push(server.close);
  return server;
};
const aClient = (options: HttpClientOptions = {}): HttpClient => {
  const client = createHttpClient(options);
  closing.push(client.close);
  return client;
};
const get = (url: string, given: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url,
  headers: {},
  timeoutMs: 2_000,
  answerBytesMax: 1024,
  ...given,
});
const post = (url: string, given: Partial<OutgoingRequest> = {}): OutgoingRequest =>
  get(url, { method: 'POST', body: '{}', ...given });
const failureOf = async (exchange: Promise<unknown>): Promise<HttpFailure> => {
  const error: unknown = await exchange.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpFailure)) throw new Error(`no HttpFailure, but ${String(error)}`);
  return error;
};

describe('an exchange', () => {
  it('sends method, headers and body as given, and gives status, headers and body as they came', async () => {
    const server = await aServer((socket) =>
      respond(
        socket,
        '207 Multi',
        ['X-One: 1', 'Set-Cookie: a', 'Set-Cookie: b', 'X-Two: 1', 'x-two: 2'],
        'answer',
      ),
    );
    const request = post(`${server.url}/a/b?c=d`, {
      headers: { 'x-my': 'v' },
      body: 'größe',
    });
    const answer = await aClient().send(request);
    expect(answer).toMatchObject({ status: 207, truncated: false });
    expect(String(answer.body)).toBe('answer');
    expect(answer.headers).toMatchObject({ 'x-one': '1', 'set-cookie': 'a, b', 'x-two': '1, 2' });
    const [seen] = server.requests;
    expect(seen?.body).toBe('größe');
    expect(seen?.head).toMatch(/^POST \/a\/b\?c=d HTTP\/1\.1\r\n/);
    expect(seen?.head).toMatch(/^x-my: v$/im);
    expect(seen?.head).toMatch(/^content-length: 7$/im);
  });

  it.each([
    [
      '/ibmmq/rest/v1/admin/qmgr/A%2EB%2fC/queue?name=%25&x=%2E',
      '/ibmmq/rest/v1/admin/qmgr/A%2EB%2fC/queue?name=%25&x=%2E',
    ],
    ['/a/../b/./%2e%2e/c', '/a/../b/./%2e%2e/c'],
    ['', '/'],
    ['?x=1', '/?x=1'],
    ['/a#fragment', '/a'],
    ['#fragment', '/'],
    ['//double', '//double'],
  ])('asks for the path %j as it stands', async (path, asked) => {
    const server = await aServer(answerOk);
    await aClient().send(get(server.url + path));
    expect(server.requests[0]?.head.split(' ')[1]).toBe(asked);
  });

  it.each([
    ['/p?', '/p?'],
    ['?', '/?'],
    ['/p?#fragment', '/p?'],
    ['/p?x=/?#fragment', '/p?x=/?'],
    ['/a/../p', '/p'],
    ['', '/'],
  ])('asks for the path %j of a URL object as its href has it', async (path, asked) => {
    const server = await aServer(answerOk);
    const url = new URL(server.url.replace('://', '://user:hunter2@') + path);
    await aClient().send({ ...get(''), url });
    expect(server.requests[0]?.head.split(' ')[1]).toBe(asked);
  });

  it('does not send the credentials of a URL', async () => {
    const server = await aServer(answerOk);
    await aClient().send(get(server.url.replace('://', '://user:hunter2@')));
    expect(server.requests[0]?.head).not.toMatch(/hunter2|authorization/i);
  });

  it.each([
    ['204 No Content', ''],
    ['304 Not Modified', ''],
    ['302 Found', 'elsewhere'],
    ['410 Gone', 'gone'],
    ['500 Broken', 'sorry'],
    ['999 Odd', ''],
  ])('that is answered %s has an answer', async (statusLine, body) => {
    const server = await aServer((socket) => {
      const bodyless = statusLine.startsWith('204') || statusLine.startsWith('304');
      socket.write(
        `HTTP/1.1 ${statusLine}\r\nlocation: http://127.0.0.1:1/\r\n${bodyless ? '' : `content-length: ${body.length}\r\n`}\r\n${body}`,
      );
    });
    const answer = await aClient().send(get(server.url));
    expect([answer.status, String(answer.body)]).toEqual([Number(statusLine.slice(0, 3)), body]);
    expect(server.requests).toHaveLength(1);
  });

  it('passes over what is informational', async () => {
    const server = await aServer((socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n');
      answerOk(socket, { head: '', body: '', connection: 0, nth: 0 });
    });
    expect((await aClient().send(get(server.url))).status).toBe(200);
  });
});

describe('the body of an answer', () => {
  it.each([
    [9, false, 'ninebytes'],
    [10, false, 'ninebytes'],
    [8, true, 'ninebyte'],
    [0, true, ''],
  ])('of 9 bytes under a limit of %i: cut is %s', async (answerBytesMax, truncated, kept) => {
    const server = await aServer((socket) => respond(socket, '200 OK', [], 'ninebytes'));
    const answer = await aClient().send(get(server.url, { answerBytesMax }));
    expect([answer.truncated, String(answer.body)]).toEqual([truncated, kept]);
  });

  it('may have no end: what is within the limit is kept, the connection is not', async () => {
    const server = await aServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const pour = (): void => {
        while (!socket.destroyed && socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`));
      };
      socket.on('drain', pour);
      pour();
    });
    const client = aClient();
    const answer = await client.send(get(server.url, { answerBytesMax: 10_000 }));
    expect([answer.status, answer.truncated, answer.body.length]).toEqual([200, true, 10_000]);
    await client.send(get(server.url, { answerBytesMax: 10 }));
    expect(server.connections()).toBe(2);
  });
});

describe('a kept connection', () => {
  /** Keeps a connection for `requests` requests and then closes it without an answer, as a server that timed out would. */
  const closingAfter =
    (requests: number): Script =>
    (socket, request) => {
      if (request.nth > requests) socket.destroy();
      else answerOk(socket, request);
    };

  it('is used again', async () => {
    const server = await aServer(answerOk);
    const client = aClient();
    for (let count = 0; count < 5; count++) await client.send(post(server.url));
    expect([server.connections(), server.requests.length]).toEqual([1, 5]);
  });

  it('that turns out to be closed costs a GET nothing: it is sent once more on a new one', async () => {
    const server = await aServer(closingAfter(1));
    const client = aClient();
    for (let count = 0; count < 4; count++) expect((await client.send(get(server.url))).status).toBe(200);
    expect(server.requests.map(({ connection, nth }) => `${connection}.${nth}`)).toEqual([
      '1.1',
      '1.2',
      '2.1',
      '3.1',
      '3.2',
      '4.1',
    ]);
  });

  it('that turns out to be closed is not replaced by another one that is closed as well', async () => {
    const server = await aServer(closingAfter(1));
    const client = aClient();
    await Promise.all([
      client.send(get(server.url)),
      client.send(get(server.url)),
      client.send(get(server.url)),
    ]);
    expect((await client.send(get(server.url))).status).toBe(200);
    expect(server.connections()).toBe(4);
  });

  it('that turns out to be closed fails a POST: nobody knows whether it was acted on', async () => {
    const server = await aServer(closingAfter(1));
    const client = aClient();
    await client.send(post(server.url));
    expect((await failureOf(client.send(post(server.url)))).code).toBe('reset');
    expect(server.requests).toHaveLength(2);
  });

  it('is no excuse for a second try on a new connection', async () => {
    const server = await aServer((socket) => socket.destroy());
    expect((await failureOf(aClient().send(get(server.url)))).code).toBe('reset');
    expect(server.requests).toHaveLength(1);
  });

  it('does not give a GET twice its time', async () => {
    const server = await aServer((socket, request) => {
      if (request.connection === 1 && request.nth === 1) answerOk(socket, request);
      else if (request.connection === 1) setTimeout(() => socket.destroy(), 250);
    });
    const client = aClient();
    await client.send(get(server.url));
    const startedMs = performance.now();
    expect((await failureOf(client.send(get(server.url, { timeoutMs: 400 })))).code).toBe('timeout');
    expect(performance.now() - startedMs).toBeLessThan(600);
    expect(server.connections()).toBe(2);
  });

  it('and all others to a host are no more than allowed; the rest waits for its turn', async () => {
    const server = await aServer((socket, request) => setTimeout(() => answerOk(socket, request), 20));
    const client = aClient({ connectionsPerHostMax: 2 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.send(get(server.url))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(server.connections()).toBe(2);
  });

  it('is closed with the client', async () => {
    const server = await aServer(answerOk);
    const client = createHttpClient();
    await client.send(get(server.url));
    client.close();
    await client.send(get(server.url));
    client.close();
    expect(server.connections()).toBe(2);
  });
});

describe('the check of the host', () => {
  it('comes before anything is dialled, and its failure is the answer', async () => {
    const server = await aServer(answerOk);
    const client = aClient({
      checkHost: (url) => {
        throw new HttpFailure('blocked', `not ${url.hostname}`);
      },
    });
    expect(await failureOf(client.send(get(server.url)))).toMatchObject({
      code: 'blocked',
      message: 'not 127.0.0.1',
    });
    expect(server.connections()).toBe(0);
  });

  it('is the lookup that is asked also when a GET is sent once more', async () => {
    const server = await aServer((socket, request) =>
      request.nth > 1 ? void socket.destroy() : answerOk(socket, request),
    );
    let looked = 0;
    const client = aClient({
      lookup: () => (_, options, callback) => {
        looked += 1;
        callback(null, options.all === true ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
      },
    });
    const url = `http://app.example:${server.port}/`;
    await client.send(get(url));
    await client.send(get(url));
    expect([looked, server.connections()]).toEqual([2, 2]);
  });
});

describe('TLS', () => {
  it('resumes its TLS session on a new connection', async () => {
    const certificate = selfSignedCertificate('app.example');
    const reused: boolean[] = [];
    const server = https.createServer(certificate, (_, response) =>
      response.writeHead(200, { connection: 'close' }).end('ok'),
    );
    server.on('secureConnection', (socket) => reused.push(socket.isSessionReused()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const client = createHttpClient({ tls: { ca: certificate.cert } });
    for (let count = 0; count < 3; count++)
      await client.send({
        ...{ method: 'GET', url: `https://127.0.0.1:${port}/`, headers: {}, timeoutMs: 5_000 },
        answerBytesMax: 10,
      });
    expect(reused).toEqual([false, true, true]);
    client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('trusts whom it is told to trust, for the name that was certified', async () => {
    const certificate = selfSignedCertificate('app.example');
    const server = https.createServer(certificate, (_, response) => response.end('ok'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const client = aClient({
      tls: { ca: certificate.cert },
      lookup: () => (_, options, callback) =>
        callback(null, options.all === true ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4),
    });
    expect((await client.send(get(`https://app.example:${port}/`))).status).toBe(200);
    expect((await client.send(get(`https://127.0.0.1:${port}/`))).status).toBe(200);
    const failure = await failureOf(client.send(get(`https://other.example:${port}/`)));
    expect(failure).toMatchObject({ code: 'tls', message: expect.stringContaining('ALTNAME') as string });
    expect((await failureOf(aClient().send(get(`https://127.0.0.1:${port}/`)))).code).toBe('tls');
  });
});
