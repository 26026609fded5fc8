import http from 'node:http';
import net, { type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aFunction } from '../../local/testing/functions.ts';
import { PUPPET } from '../../local/testing/stand-in-bundles.ts';
import { startStandInHost, type StandInHost } from '../../local/testing/stand-in-host.ts';

const MIB = 1024 * 1024;
/** As many as fit into 32 MiB and leave less than one more. */
const HOLDERS = 6;

let host: StandInHost;
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await host.stop();
});

const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  host = await startStandInHost({
    functions: [aFunction({ name: 'register' })],
    sources: { register: PUPPET },
    env,
  });
};

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

const post = (body: Buffer, headers: Readonly<Record<string, string | number>> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const all = { 'content-type': 'text/plain', ...headers };
    const request = http.request(`${host.url}/register`, { method: 'POST', headers: all, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text }),
      );
    });
    request.end(body);
  });

/** Sends bytes on a connection of its own. Resolves with what has come back once that matches. */
const sendRaw = (bytes: string | Buffer, until: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(host.url).port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (until.test(text)) resolve(text);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
    sockets.push(socket);
  });
const head = (...lines: readonly string[]): string =>
  ['POST /register HTTP/1.1', 'Host: localhost', 'Content-Type: text/plain', ...lines, '', ''].join('\r\n');

/** Sends a body but for its last byte; `finish` sends that and resolves with the head of the answer. */
const hold = async (): Promise<{ readonly finish: () => Promise<string> }> => {
  const socket = net.connect(Number(new URL(host.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(head(`Content-Length: ${5 * MIB}`));
  await new Promise((resolve) => socket.write(Buffer.alloc(5 * MIB - 1, 'x'), resolve));
  return {
    finish: () =>
      new Promise((resolve) => {
        socket.once('data', (chunk) => resolve(String(chunk)));
        socket.write('x');
      }),
  };
};
/** What a caller is told who asks whether to send five megabytes, and then goes away. */
const ask = async (): Promise<string> => {
  const asking = head(`Content-Length: ${5 * MIB}`, 'Expect: 100-continue');
  const answer = await sendRaw(asking, /\r\n\r\n/);
  sockets.pop()?.destroy();
  return answer;
};
/** Waits until that is answered so. Asking takes up nothing, so it disturbs nobody who is still sending. */
const untilTold = (status: RegExp): Promise<void> =>
  vi.waitFor(async () => expect(await ask()).toMatch(status), { timeout: 10_000, interval: 10 });
const holdAll = async () => {
  const holders = await Promise.all(Array.from({ length: HOLDERS }, hold));
  await untilTold(/^HTTP\/1\.1 503 [^]*connection: close/i);
  return holders;
};

describe('bodies of many callers at once', { timeout: 30_000 }, () => {
  it('are held up to a limit, and what is beyond it is told to come back', async () => {
    await start();
    const holders = await holdAll();
    const refused = await post(Buffer.alloc(5 * MIB, 'y'));
    expect(refused).toMatchObject({ status: 503, retryAfter: '1' });
    expect(refused.text).toContain('urn:mq-observer:problem:overloaded');
    // Without a length nobody knows before it is here.
    const chunked = await post(Buffer.alloc(5 * MIB, 'y'), { 'transfer-encoding': 'chunked' });
    expect(chunked).toMatchObject({ status: 503, retryAfter: '1' });
    // What is small still fits, and nobody who is in loses what was sent.
    expect((await post(Buffer.from('small'))).status).toBe(200);
    for (const holder of holders) expect(await holder.finish()).toMatch(/^HTTP\/1\.1 200 /);
    expect((await post(Buffer.alloc(5 * MIB, 'y'))).status).toBe(200);
  });

  it('are forgotten when their callers go away', async () => {
    await start();
    await holdAll();
    for (const socket of sockets) socket.destroy();
    await untilTold(/^HTTP\/1\.1 100 /);
    expect((await post(Buffer.alloc(5 * MIB, 'y'))).status).toBe(200);
  });
});

describe('the body of a caller without a token', () => {
  const TOKENS = { REGISTER_TOKENS: 'register-token-0123456789', ADMIN_TOKENS: 'admin-token-0123456789' };

  it.each(['/register', '/register/x', '/admin/import', '/admin'])('is not waited for: %s', async (path) => {
    await start(TOKENS);
    const announcing = head('Content-Length: 5000000').replace('/register', path);
    expect(await sendRaw(announcing, /\}$/)).toMatch(
      /^HTTP\/1\.1 401 [^]*www-authenticate: Bearer[^]*problem:unauthenticated/i,
    );
    expect(await sendRaw(announcing.replace('Host', 'Expect: 100-continue\r\nHost'), /\}$/)).toMatch(
      /^HTTP\/1\.1 401 /,
    );
    const wrong = announcing.replace('Host', 'Authorization: Bearer wrong-token-0123456789\r\nHost');
    expect(await sendRaw(wrong, /\}$/)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(Object.values(TOKENS))(
    'is read with %s: which scope is needed, the function says',
    async (token) => {
      await start(TOKENS);
      const answer = await post(Buffer.from('x'), { authorization: `Bearer ${token}` });
      expect(answer.status).toBe(200);
    },
  );

  it.each(['/notify', '/', '/registered'])('is read where everybody may send one: %s', async (path) => {
    await start(TOKENS);
    const whole = `${head('Content-Length: 1').replace('/register', path)}x`;
    expect(await sendRaw(whole, /\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('does not keep the answer from a caller that sends it all the same', async () => {
    await start(TOKENS);
    const posts = Array.from({ length: 20 }, () => post(Buffer.alloc(5 * MIB, 'x')));
    expect(new Set((await Promise.all(posts)).map(({ status }) => status))).toEqual(new Set([401]));
  });

  it('costs no more than it takes to drop it, and the connection goes on', async () => {
    await start(TOKENS);
    const refused = Buffer.concat([
      Buffer.from(head(`Content-Length: ${5 * MIB}`)),
      Buffer.alloc(5 * MIB, 'x'),
    ]);
    const next = head('Content-Length: 1', `Authorization: Bearer ${TOKENS.ADMIN_TOKENS}`);
    const both = Buffer.concat([refused, Buffer.from(`${next}x`)]);
    expect(await sendRaw(both, /HTTP\/1\.1 200 /)).toMatch(/^HTTP\/1\.1 401 [^]*HTTP\/1\.1 200 /);
  });
});
