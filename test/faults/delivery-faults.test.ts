import dgram from 'node:dgram';
import dns from 'node:dns';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import { attemptRepeatedly, type Outcome } from '../../lib/delivery/attempts.ts';
import type { Channel } from '../../lib/delivery/channel.ts';
import { createGuardedHttpClient } from '../../lib/delivery/channels/guarded-http.ts';
import { createHttpPostChannel } from '../../lib/delivery/channels/http-post/http-post-channel.ts';
import { createNameResolver, type Resolve } from '../../lib/delivery/channels/name-resolver.ts';
import { createTargetGuard } from '../../lib/delivery/target-guard.ts';
import type { HttpClient } from '../../lib/platform/http-client.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import {
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../support/scripted-server.ts';
import { selfSignedCertificate } from '../support/self-signed-certificate.ts';
import { aCall, notifyDeps, settableDepths } from '../support/test-cycles.ts';
import { aDraft, testStore } from '../support/test-store.ts';

const ATTEMPTS = 2;
/** One attempt's limit where a target keeps us waiting. */
const SOON_MS = 100;
/** The limit where nothing waits for it: a busy machine is no fault. */
const FAR_MS = 5_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const aServer = async (script: Script): Promise<ScriptedServer> => {
  const server = await startScriptedServer(script);
  closing.push(server.close);
  return server;
};

const toLoopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

/** The client as it is deployed, where loopback is allowed. */
function aClient(resolve: Resolve = toLoopback): HttpClient {
  const client = createGuardedHttpClient({
    guard: createTargetGuard({ allowHttp: false, allowTargets: ['127.0.0.0/8'] }),
    resolve,
    allowSelfSigned: false,
    connectionsPerHostMax: 8,
  });
  closing.push(client.close);
  return client;
}

/** One whole wake-up, retries included, but for the waiting in between. */
async function wake(
  notify: string,
  timeoutMs: number,
  channel: Channel = createHttpPostChannel({ http: aClient() }),
): Promise<Outcome> {
  const never = new AbortController().signal;
  const registration = { format: 1, revision: 'r', ...aDraft({ notify }) } as const;
  const wakeUp = { id: 'w', registration, queue: 'Q', depth: 1, decidedAtMs: 0, headers: {} };
  const startedMs = performance.now();
  const outcome = await attemptRepeatedly(
    {
      clock: systemClock,
      random: { ...systemRandomness, fraction: () => 0 },
      stop: never,
      attempt: () => channel.attempt(wakeUp, { timeoutMs, signal: never }),
      mayRetry: () => true,
      isStillDue: () => true,
    },
    { attemptsMax: ATTEMPTS, timeoutMs, deadlineMs: systemClock.nowMs() + 60_000 },
  );
  // Each attempt has its limit, and there is nothing beside the attempts.
  expect(performance.now() - startedMs).toBeLessThan(ATTEMPTS * timeoutMs + 2_000);
  return outcome;
}

/** What is made of a wake-up that failed in every attempt for a reason that may pass. */
const failedAgain = (code: string) => ({
  kind: 'fail',
  attempts: ATTEMPTS,
  reason: expect.stringMatching(new RegExp(`^${code}: `)) as string,
});
const SUCCESS = { kind: 'success', reason: 'status 200', attempts: 1 };

/** Writes as much as the peer takes until it hangs up. */
const pour = (socket: Socket, piece: string): void => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
};
/** Writes a piece now and then until the peer hangs up. */
const drip = (socket: Socket, piece: string): void => {
  const timer = setInterval(() => socket.write(piece), 10);
  socket.on('close', () => clearInterval(timer));
};
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const TEN_BYTES = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n';
const INFORMATION = ['100 Continue', '102 Processing', '103 Early Hints'] as const;

describe('a target that never comes to an end', () => {
  const TARGETS: Readonly<Record<string, Script>> = {
    'accepts and never answers': () => undefined,
    'drips headers without an end': (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(socket, 'x: y\r\n');
    },
    'drips its body': (socket) => {
      socket.write(CHUNKED);
      drip(socket, '1\r\nx\r\n');
    },
    'holds back the rest of its body': (socket) => void socket.write(`${TEN_BYTES}short`),
    ...Object.fromEntries(
      INFORMATION.flatMap<[string, Script]>((status) => [
        [`drips ${status}`, (socket) => drip(socket, `HTTP/1.1 ${status}\r\n\r\n`)],
        [`floods us with ${status}`, (socket) => pour(socket, `HTTP/1.1 ${status}\r\n\r\n`.repeat(100))],
      ]),
    ),
  };

  it.each(Object.entries(TARGETS))(
    '%s: is left when its time is over, and tried again',
    async (_, script) => {
      const hungUp: Promise<void>[] = [];
      const server = await aServer((socket, request) => {
        hungUp.push(new Promise((resolve) => void socket.once('close', () => resolve())));
        script(socket, request);
      });
      expect(await wake(server.url, SOON_MS)).toEqual({ ...failedAgain('timeout'), timedOut: true });
      expect(server.requests).toHaveLength(ATTEMPTS);
      await Promise.all(hungUp);
    },
  );
});

describe('a target that breaks off', () => {
  it.each<[string, Script, string]>([
    ['before it answers', (socket) => void socket.end(), 'reset'],
    ['with a reset', (socket) => void socket.resetAndDestroy(), 'reset'],
    // Whether it took the wake-up nobody knows: it is woken again rather than not at all, with the same id.
    ['with a reset in the body of a 200', breakOffAfter(`${TEN_BYTES}short`, 'reset'), 'reset'],
    ['with a reset before the body of a 200', breakOffAfter(TEN_BYTES, 'reset'), 'reset'],
    ['with a reset in a chunk of a 200', breakOffAfter(`${CHUNKED}5\r\nsho`, 'reset'), 'reset'],
    ['in the body of a 200', breakOffAfter(`${TEN_BYTES}short`, 'end'), 'reset'],
    ['before the last chunk of a 200', breakOffAfter(`${CHUNKED}5\r\nshort\r\n`, 'end'), 'reset'],
    ['after 100 Continue', breakOffAfter('HTTP/1.1 100 Continue\r\n\r\n', 'end'), 'reset'],
    ['its chunks', (socket) => void socket.write(`${CHUNKED}zz\r\n`), 'protocol'],
    ['HTTP', (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'), 'protocol'],
    [
      'all measure in its headers',
      (socket) => pour(socket, `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(50_000)}`),
      'protocol',
    ],
  ])('%s is tried again', async (_, script, code) => {
    const server = await aServer(script);
    expect(await wake(server.url, FAR_MS)).toEqual(failedAgain(code));
    expect(server.requests).toHaveLength(ATTEMPTS);
  });

  it('once is woken by the next attempt', async () => {
    const server = await aServer((socket) => {
      if (server.requests.length > 1) respond(socket, '200 OK');
      else socket.resetAndDestroy();
    });
    expect(await wake(server.url, FAR_MS)).toEqual({ ...SUCCESS, attempts: 2 });
  });
});

/** Writes the beginning of an answer, and goes once that is on its way. */
function breakOffAfter(text: string, how: 'reset' | 'end'): Script {
  return (socket) => {
    if (how === 'end') return void socket.end(text);
    socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 20));
  };
}

describe('a target that says more than anybody reads', () => {
  it.each<[string, Script]>([
    [
      'in a body without an end',
      (socket) => {
        socket.write(CHUNKED);
        pour(socket, `1000\r\n${'x'.repeat(4096)}\r\n`);
      },
    ],
    [
      'in a body without a length',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        pour(socket, 'x'.repeat(4096));
      },
    ],
    [
      'in a body that it breaks off later',
      (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(100_000)}`);
        setTimeout(() => socket.resetAndDestroy(), 20);
      },
    ],
  ])('%s took the wake-up, and is hung up on', async (_, script) => {
    let hungUp = new Promise<void>(() => {});
    const server = await aServer((socket, request) => {
      hungUp = new Promise((resolve) => void socket.once('close', () => resolve()));
      script(socket, request);
    });
    expect(await wake(server.url, FAR_MS)).toEqual(SUCCESS);
    await hungUp;
  });

  it.each(INFORMATION)('in a thousand times %s, and then answers, took the wake-up', async (status) => {
    const server = await aServer((socket) => {
      socket.write(`HTTP/1.1 ${status}\r\n\r\n`.repeat(1_000));
      respond(socket, '200 OK');
    });
    expect(await wake(server.url, FAR_MS)).toEqual(SUCCESS);
  });

  it('in a compressed body took the wake-up: nothing is unpacked, and nobody asked for it', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const server = await aServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    expect(await wake(server.url, FAR_MS)).toEqual(SUCCESS);
    expect(server.requests[0]?.head).not.toMatch(/^accept-encoding:/im);
    const { body, truncated } = await aClient().send({
      method: 'POST',
      url: server.url,
      headers: {},
      timeoutMs: FAR_MS,
      answerBytesMax: 16 * 1024,
    });
    expect({ body, truncated }).toEqual({ body: bomb, truncated: false });
  });
});

describe('a target that cannot be reached', () => {
  it('because nobody listens is tried again', async () => {
    const server = await startScriptedServer(() => undefined);
    await server.close();
    expect(await wake(server.url, FAR_MS)).toEqual(failedAgain('connect'));
  });

  it.each<[string, number | undefined, string]>([
    ['knows no such name', 3, 'ENOTFOUND'],
    ['fails', 2, 'ESERVFAIL'],
    ['refuses', 5, 'EREFUSED'],
    ['does not answer', undefined, 'ETIMEOUT'],
  ])('because its name server %s is tried again', async (_, responseCode, said) => {
    const http = aClient(await aNameServer(responseCode));
    const outcome = await wake('https://app.example/', FAR_MS, createHttpPostChannel({ http }));
    expect(outcome).toEqual(failedAgain('dns'));
    expect(outcome.reason).toContain(`(${said})`);
  });

  it('because its certificate is signed by nobody we know is tried again, and was told nothing', async () => {
    let requests = 0;
    const server = https.createServer(selfSignedCertificate('app.example'), () => (requests += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    expect(await wake(`https://app.example:${port}/`, FAR_MS)).toEqual(failedAgain('tls'));
    expect(requests).toBe(0);
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['is never answered', () => undefined, 'timeout'],
    ['is answered in plain HTTP', (socket) => respond(socket, '400 Bad'), 'tls'],
    ['is broken off', (socket) => void socket.destroy(), 'reset'],
  ])('because its TLS handshake %s is tried again', async (_, onHello, code) => {
    const port = await aServerForHellos(onHello);
    const outcome = await wake(`https://app.example:${port}/`, code === 'timeout' ? SOON_MS : FAR_MS);
    expect(outcome).toMatchObject(failedAgain(code));
  });
});

async function aServerForHellos(onHello: (socket: Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    closing.push(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.once('data', () => onHello(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A resolver that asks a name server of this machine: it answers each question with one response code, or not at all. */
async function aNameServer(responseCode: number | undefined): Promise<Resolve> {
  const server = dgram.createSocket('udp4');
  server.on('message', (question, from) => {
    if (responseCode === undefined) return;
    const answer = Buffer.from(question);
    answer[2] = 0x81;
    answer[3] = 0x80 + responseCode;
    server.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const resolver = new dns.promises.Resolver({ timeout: SOON_MS, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  return createNameResolver({
    clock: systemClock,
    ask: async (name) => (await resolver.resolve4(name)).map((address) => ({ address, family: 4 })),
    lookUp: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
  });
}

describe('a status', () => {
  const MEANINGS = {
    success: [200, 201, 202, 203, 204, 205, 206, 207, 226, 299],
    fail: [300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 405, 406, 411, 413, 414, 415, 422, 431, 451],
    retire: [410],
    retry: [404, 408, 409, 425, 429, 500, 501, 502, 503, 504, 507, 511, 599],
  } as const;
  const CASES = Object.entries(MEANINGS).flatMap(([meaning, statuses]) =>
    statuses.map((status) => [status, meaning] as const),
  );

  it.each(CASES)('%i from the wire to the decision: %s', async (status, meaning) => {
    const server = await aServer((socket) => respond(socket, `${status} Said`));
    const attempts = meaning === 'retry' ? ATTEMPTS : 1;
    const outcome = await wake(server.url, FAR_MS);
    expect(outcome).toMatchObject({ kind: meaning === 'retry' ? 'fail' : meaning, attempts });
    expect(outcome.reason).toContain(String(status));
    expect(server.requests).toHaveLength(attempts);
  });

  it.each(['429 Too Many', '503 Busy'])('%s that says when to come back is heeded', async (status) => {
    const server = await aServer((socket) => respond(socket, status, ['retry-after: 3600']));
    const nowMs = systemClock.nowMs();
    const outcome = await wake(server.url, FAR_MS);
    expect(outcome).toMatchObject({ kind: 'postponed', attempts: 1 });
    expect(outcome.notBeforeMs).toBeGreaterThanOrEqual(nowMs + 3_600_000);
  });
});

describe('a cycle over targets with every fault', () => {
  it('decides on each of them, and wakes the healthy one', async () => {
    const scripts: Readonly<Record<string, Script>> = {
      silent: () => undefined,
      dripping: (socket) => {
        socket.write(CHUNKED);
        drip(socket, '1\r\nx\r\n');
      },
      flooding: (socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)),
      resetting: breakOffAfter(`${TEN_BYTES}short`, 'reset'),
      broken: (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
      endless: (socket) => {
        socket.write(CHUNKED);
        pour(socket, `1000\r\n${'x'.repeat(4096)}\r\n`);
      },
      healthy: (socket) => respond(socket, '204 None'),
    };
    const store = testStore({ clock: systemClock, random: systemRandomness });
    for (const [id, script] of Object.entries(scripts)) {
      const server = await aServer(script);
      await store.registrations.put(aDraft({ id, notify: server.url, delivery: { attempts: 1 } }));
    }
    const queues = settableDepths();
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const post = createHttpPostChannel({ http: aClient() });
    const channel: Channel = {
      attempt: (wakeUp, limits) => post.attempt(wakeUp, { ...limits, timeoutMs: 700 }),
    };
    const report = await runNotifyCycle(notifyDeps(store, { queues, channel }), aCall());
    expect(report).toMatchObject({
      notifications: { due: 7, succeeded: 2, failed: 5, deferred: 0, attempts: 7 },
    });
  });
});
