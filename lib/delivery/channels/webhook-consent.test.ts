import { afterEach, describe, expect, it } from 'vitest';
import {
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../../../test/support/scripted-server.ts';
import { aDraft } from '../../../test/support/test-store.ts';
import { createHttpClient } from '../../platform/http-client.ts';
import type { AttemptResult, Channel, WakeUp } from '../channel.ts';
import { createHttpPostChannel } from './http-post/http-post-channel.ts';
import { askConsent, readConsent, withConsent } from './webhook-consent.ts';

const ORIGIN = 'observer.example.com';
const NEVER = new AbortController().signal;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const aServer = async (script: Script): Promise<ScriptedServer> => {
  const server = await startScriptedServer(script);
  closing.push(server.close);
  return server;
};
const aClient = () => {
  const http = createHttpClient();
  closing.push(http.close);
  return http;
};
const granting =
  (...headers: readonly string[]): Script =>
  (socket) =>
    respond(socket, '200 OK', headers);
const allowing = (origin: string): Script => granting(`WebHook-Allowed-Origin: ${origin}`);

describe('what an answer to OPTIONS means', () => {
  it.each([
    [ORIGIN, undefined, { granted: true }],
    [` ${ORIGIN.toUpperCase()} `, undefined, { granted: true }],
    ['*', undefined, { granted: true }],
    ['*', '*', { granted: true }],
    ['*', ' 120 ', { granted: true, ratePerMinute: 120 }],
    ['*', '999999', { granted: true, ratePerMinute: 999_999 }],
    ...['0', '-1', '1.5', '1e3', '0x10', '1000000', '12, 12', 'many', ''].map(
      (rate) => ['*', rate, { granted: true }] as const,
    ),
  ] as const)('allowed origin %j with rate %j: granted', (origin, rate, consent) => {
    const headers = {
      'webhook-allowed-origin': origin,
      ...(rate === undefined ? {} : { 'webhook-allowed-rate': rate }),
    };
    expect(readConsent(headers, ORIGIN)).toEqual(consent);
  });

  it.each([undefined, '', '  '])('allowed origin %j: refused, for want of a word', (origin) => {
    const headers = origin === undefined ? {} : { 'webhook-allowed-origin': origin };
    expect(readConsent(headers, ORIGIN)).toEqual({
      granted: false,
      reason: 'its answer to OPTIONS has no WebHook-Allowed-Origin',
    });
  });

  it.each(['example.com', `x${ORIGIN}`, `${ORIGIN}.evil.example`, `${ORIGIN}, *`, '**', `https://${ORIGIN}`])(
    'allowed origin %j: refused, for it is not ours',
    (origin) => {
      expect(readConsent({ 'webhook-allowed-origin': origin }, ORIGIN)).toEqual({
        granted: false,
        reason: 'its answer to OPTIONS allows another origin',
      });
    },
  );
});

describe('asking', () => {
  it('is OPTIONS on the very URL, without a body, under the origin', async () => {
    const server = await aServer(allowing(ORIGIN));
    const url = `${server.url}/hook?x=1`;
    expect(await askConsent(aClient(), url, ORIGIN, { timeoutMs: 1_000 })).toEqual({ granted: true });
    expect(server.requests[0]?.head).toMatch(/^OPTIONS \/hook\?x=1 HTTP\/1\.1\r\n/);
    expect(server.requests[0]?.head).toMatch(/\r\nwebhook-request-origin: observer\.example\.com\r\n/i);
    expect(server.requests[0]?.body).toBe('');
  });

  it.each(['200 OK', '204 No Content', '301 Moved', '405 Not Allowed', '500 Broken'])(
    'finds consent in the headers, whatever the status: %s',
    async (status) => {
      const server = await aServer((socket) => respond(socket, status, ['webhook-allowed-origin: *']));
      expect(await askConsent(aClient(), server.url, ORIGIN, { timeoutMs: 1_000 })).toEqual({
        granted: true,
      });
    },
  );

  it.each<[string, Script, RegExp]>([
    ['who hangs', () => undefined, /\(timeout: /],
    ['who hangs up', (socket) => void socket.destroy(), /\(reset: /],
    ['who talks nonsense', (socket) => void socket.end('nonsense\r\n\r\n'), /\(protocol: /],
  ])('%s is no consent', async (_, script, reason) => {
    const server = await aServer(script);
    expect(await askConsent(aClient(), server.url, ORIGIN, { timeoutMs: 100 })).toEqual({
      granted: false,
      reason: expect.stringMatching(reason) as string,
    });
  });
});

describe('a channel that needs consent', () => {
  const OK: AttemptResult = { kind: 'answered', status: 200 };
  const innerChannel = () => {
    const seen: { readonly wakeUp: WakeUp; readonly timeoutMs: number }[] = [];
    const channel: Channel = {
      attempt: async (wakeUp, { timeoutMs }) => {
        seen.push({ wakeUp, timeoutMs });
        return OK;
      },
    };
    return { seen, channel };
  };
  const aWakeUp = (notify: string, consent?: { readonly origin: string }): WakeUp => ({
    id: 'w',
    registration: {
      ...{ format: 1, revision: 'r', ...aDraft({ id: 'a', notify }) },
      ...(consent === undefined ? {} : { consent }),
    },
    ...{ queue: 'Q', depth: 1, decidedAtMs: 0, headers: {} },
  });
  const attempt = async (
    script: Script,
    consent?: { readonly origin: string },
    limits: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
  ) => {
    const server = await aServer(script);
    const { seen, channel } = innerChannel();
    const asking = withConsent(channel, { http: aClient(), origin: ORIGIN });
    const all = { timeoutMs: 1_000, signal: NEVER, ...limits };
    return { server, seen, result: await asking.attempt(aWakeUp(server.url, consent), all) };
  };

  it('wakes who consented before without asking, with the whole time', async () => {
    const { server, seen, result } = await attempt(() => undefined, { origin: ORIGIN });
    expect(result).toBe(OK);
    expect(seen).toMatchObject([{ timeoutMs: 1_000 }]);
    expect(server.requests).toEqual([]);
  });

  it.each([undefined, { origin: 'earlier.example.com' }])('asks first with consent %j', async (consent) => {
    const { server, seen, result } = await attempt(allowing('*'), consent);
    expect(result).toBe(OK);
    expect(server.requests).toHaveLength(1);
    expect(seen).toHaveLength(1);
  });

  it.each(['/p?', '?', '/p?x=#fragment'])('asks at the very path where it then wakes: %j', async (path) => {
    const server = await aServer(allowing('*'));
    const http = aClient();
    const wakeUp = aWakeUp(server.url + path);
    const asking = withConsent(createHttpPostChannel({ http }), { http, origin: ORIGIN });
    await asking.attempt(
      { ...wakeUp, url: new URL(wakeUp.registration.notify) },
      { timeoutMs: 1_000, signal: NEVER },
    );
    const [asked, posted] = server.requests.map(({ head }) => head.split(' ', 2));
    expect([asked?.[0], posted]).toEqual(['OPTIONS', ['POST', asked?.[1]]]);
  });

  it('does not wake who refuses, and need not ask again in this cycle', async () => {
    const { seen, result } = await attempt(allowing('other.example.com'));
    expect(result).toEqual({
      kind: 'impossible',
      message: 'the target did not consent: its answer to OPTIONS allows another origin',
    });
    expect(seen).toEqual([]);
  });

  it('takes no answer for what it is: it may be tried again, and time that ran out shows', async () => {
    const { seen, result } = await attempt(() => undefined, undefined, { timeoutMs: 100 });
    expect(result).toMatchObject({ kind: 'no-answer', code: 'timeout' });
    expect(seen).toEqual([]);
  });

  it('blames nobody when it is called off while it asks', async () => {
    const { result } = await attempt(() => undefined, undefined, { signal: AbortSignal.timeout(50) });
    expect(result).toMatchObject({ kind: 'no-answer', code: 'aborted' });
  });

  it('leaves for the wake-up what the question left of the time', async () => {
    const slowly: Script = (socket, request) =>
      void setTimeout(() => allowing('*')(socket, request), 200).unref();
    const { seen } = await attempt(slowly);
    expect(seen[0]?.timeoutMs).toBeLessThanOrEqual(810);
    expect(seen[0]?.timeoutMs).toBeGreaterThan(0);
  });
});
