import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerOk,
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../../../test/support/scripted-server.ts';
import { selfSignedCertificate } from '../../../test/support/self-signed-certificate.ts';
import type { HttpClient } from '../../platform/http-client.ts';
import { createTargetGuard } from '../target-guard.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { createGuardedHttpClient, registeredTargetProblem } from './guarded-http.ts';
import { systemNameResolver, type Resolve } from './name-resolver.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const aServer = async (script: Script, host?: string): Promise<ScriptedServer> => {
  const server = await startScriptedServer(script, host);
  closing.push(server.close);
  return server;
};
const resolveTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

function aClient(
  given: {
    readonly allow?: readonly string[];
    readonly resolve?: Resolve;
    readonly allowSelfSigned?: boolean;
  } = {},
): HttpClient {
  const client = createGuardedHttpClient({
    guard: createTargetGuard({ allowHttp: true, allowTargets: given.allow ?? [] }),
    allowSelfSigned: given.allowSelfSigned ?? false,
    connectionsPerHostMax: 8,
    resolve: given.resolve ?? systemNameResolver(systemClock),
  });
  closing.push(client.close);
  return client;
}

const LOOPBACK = ['127.0.0.0/8', '::1'];
const post = (client: HttpClient, url: string, timeoutMs = 2_000) =>
  client.send({ method: 'POST', url, headers: {}, body: '{}', timeoutMs, answerBytesMax: 1024 });
/** The code of the failure, or the status of the answer. */
const endOf = async (client: HttpClient, url: string, timeoutMs?: number): Promise<string | number> => {
  try {
    return (await post(client, url, timeoutMs)).status;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
};

describe('dialling', () => {
  it.each(['http://127.0.0.1', 'http://2130706433', 'http://[::ffff:127.0.0.1]', 'http://localhost'])(
    'does not reach loopback as %s',
    async (origin) => {
      const server = await aServer(answerOk);
      expect(await endOf(aClient(), `${origin}:${server.port}/`)).toBe('blocked');
      expect(server.connections()).toBe(0);
    },
  );

  it('reaches what is allowed, by literal and by name', async () => {
    const server = await aServer(answerOk);
    expect(await endOf(aClient({ allow: LOOPBACK }), `${server.url}/`)).toBe(200);
    const byName = aClient({ allow: ['app.internal'], resolve: resolveTo('127.0.0.1') });
    expect(await endOf(byName, `http://app.internal:${server.port}/`)).toBe(200);
    expect(server.requests[1]?.head).toMatch(new RegExp(`^host: app\\.internal:${server.port}$`, 'im'));
  });

  it('reaches IPv6 loopback where it is allowed, and only there', async () => {
    const server = await aServer(answerOk, '::1');
    expect(await endOf(aClient(), `${server.url}/`)).toBe('blocked');
    expect(await endOf(aClient({ allow: ['127.0.0.0/8'] }), `${server.url}/`)).toBe('blocked');
    expect(await endOf(aClient({ allow: LOOPBACK }), `${server.url}/`)).toBe(200);
  });

  it.each<[string, readonly string[]]>([
    ['a private address', ['127.0.0.1']],
    ['a private address among public ones', ['1.1.1.1', '127.0.0.1']],
    ['a public address after a private one', ['127.0.0.1', '1.1.1.1']],
    ['a private address in IPv6', ['::ffff:127.0.0.1']],
    ['no address at all', []],
  ])('does not go where a name has %s', async (_, addresses) => {
    const server = await aServer(answerOk);
    expect(
      await endOf(aClient({ resolve: resolveTo(...addresses) }), `http://rebind.example:${server.port}/`),
    ).toBe('blocked');
    expect(server.connections()).toBe(0);
  });

  it('goes where the check looked: a name that changes in between gains nothing', async () => {
    const server = await aServer(answerOk);
    const answers = ['1.1.1.1', '127.0.0.1'];
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: answers[asked - 1] ?? '127.0.0.1', family: 4 }];
    };
    const url = new URL(`http://rebind.example:${server.port}/`);
    const guard = createTargetGuard({ allowHttp: true, allowTargets: [] });
    expect(await registeredTargetProblem(guard, url, 500, rebinding)).toBeUndefined();
    expect(await endOf(aClient({ resolve: rebinding }), url.href)).toBe('blocked');
    expect(asked).toBe(2);
    expect(server.connections()).toBe(0);
  });

  it('asks once per connection and dials the very answer', async () => {
    const server = await aServer((socket) => respond(socket, '200 OK', ['connection: close']));
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      // Whoever asked a second time would be sent elsewhere.
      return [{ address: asked % 2 === 1 ? '127.0.0.1' : '127.0.0.99', family: 4 }];
    };
    const client = aClient({ allow: ['127.0.0.1'], resolve });
    expect(await endOf(client, `http://app.example:${server.port}/`)).toBe(200);
    expect(await endOf(client, `http://app.example:${server.port}/`)).toBe('blocked');
    expect(asked).toBe(2);
  });

  it('tries the next address of a name when the first does not answer', async () => {
    const server = await aServer(answerOk);
    const client = aClient({ allow: LOOPBACK, resolve: resolveTo('::1', '127.0.0.1') });
    expect(await endOf(client, `http://two.example:${server.port}/`)).toBe(200);
  });

  it.each([{ code: 'ENOTFOUND' }, { code: 'EAI_AGAIN' }, { code: 'EAI_FAIL', syscall: 'getaddrinfo' }])(
    'says dns when a name cannot be resolved: %j',
    async (facts) => {
      const resolve: Resolve = () => Promise.reject(Object.assign(new Error('10.0.0.53 said no'), facts));
      await expect(post(aClient({ resolve }), 'http://nowhere.example/')).rejects.toMatchObject({
        code: 'dns',
        message: `the host name could not be resolved (${facts.code})`,
      });
    },
  );

  it('ends in time when resolving hangs', async () => {
    const hanging: Resolve = () => new Promise(() => undefined);
    expect(await endOf(aClient({ resolve: hanging }), 'http://slow.example/', 100)).toBe('timeout');
  });

  it('follows no redirect: it is an answer like any other', async () => {
    const inner = await aServer(answerOk);
    for (const status of ['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent']) {
      const outer = await aServer((socket) => respond(socket, status, [`location: ${inner.url}/`]));
      expect(await endOf(aClient({ allow: LOOPBACK }), `${outer.url}/`)).toBe(Number(status.slice(0, 3)));
    }
    expect(inner.connections()).toBe(0);
  });

  it('does not name an internal address in what it says', async () => {
    const client = aClient({ resolve: resolveTo('10.20.30.40') });
    await expect(post(client, 'http://internal.example/')).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('10.20.30.40') as string }) as Error,
    );
  });
});

describe('TLS', () => {
  const aTlsServer = async (hostname: string): Promise<number> => {
    const server = https.createServer(selfSignedCertificate(hostname), (_, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  };
  const reach = { allow: LOOPBACK, resolve: resolveTo('127.0.0.1') };

  it('with a certificate that nobody vouches for is refused, unless the operator says otherwise', async () => {
    const port = await aTlsServer('app.example');
    expect(await endOf(aClient(reach), `https://app.example:${port}/`)).toBe('tls');
    expect(await endOf(aClient({ ...reach, allowSelfSigned: true }), `https://app.example:${port}/`)).toBe(
      200,
    );
  });

  it('where plain HTTP is spoken is a failure of TLS, not a hang', async () => {
    const server = http.createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect(await endOf(aClient(reach), `https://app.example:${port}/`)).toBe('tls');
  });
});

describe('a target that is registered', () => {
  const guard = createTargetGuard({ allowHttp: false, allowTargets: ['app.internal', '10.0.0.0/8'] });
  const problem = (url: string, resolve: Resolve): Promise<string | undefined> =>
    registeredTargetProblem(guard, new URL(url), 50, resolve);
  const failing: Resolve = () => Promise.reject(new Error('no such name'));

  it.each<[string, Resolve, RegExp | undefined]>([
    ['https://app.example/', resolveTo('1.1.1.1'), undefined],
    ['https://app.example/', resolveTo('192.168.0.1'), /private/],
    ['https://app.example/', resolveTo('1.1.1.1', '127.0.0.1'), /private/],
    ['https://app.example/', resolveTo('10.1.1.1'), undefined],
    ['http://app.example/', resolveTo('1.1.1.1'), /https/],
    ['http://app.example/', resolveTo('10.1.1.1'), undefined],
    ['http://app.internal/', failing, undefined],
    ['https://app.internal/', resolveTo('127.0.0.1'), undefined],
    ['https://not-yet.example/', failing, undefined],
    ['http://not-yet.example/', failing, /https/],
    ['https://not-yet.example/', resolveTo(), undefined],
    ['https://127.0.0.1/', resolveTo('1.1.1.1'), /private/],
    ['https://[::1]/', resolveTo('1.1.1.1'), /private/],
  ])('as %s is judged by what can be known (%#)', async (url, resolve, expected) => {
    const said = await problem(url, resolve);
    expect(said ?? 'nothing').toMatch(expected ?? /^nothing$/);
  });

  it('is not waited for longer than the limit', async () => {
    const startedMs = performance.now();
    expect(await problem('https://slow.example/', () => new Promise(() => undefined))).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
