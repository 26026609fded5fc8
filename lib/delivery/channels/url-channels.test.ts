import { HTTP, type CloudEvent } from 'cloudevents';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerOk,
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
  type SeenRequest,
} from '../../../test/support/scripted-server.ts';
import { aDraft } from '../../../test/support/test-store.ts';
import { createHttpClient, type HttpClient } from '../../platform/http-client.ts';
import type { AttemptResult, Channel, WakeUp } from '../channel.ts';
import { createCloudEventChannel, encodeAttribute } from './cloud-event/cloud-event-channel.ts';
import { createHttpPostChannel } from './http-post/http-post-channel.ts';
import { createUnavailableChannel } from './unavailable-channel.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const aServer = async (script: Script): Promise<ScriptedServer> => {
  const server = await startScriptedServer(script);
  closing.push(server.close);
  return server;
};
const CHANNELS: Readonly<Record<'binary' | 'structured' | 'http', (http: HttpClient) => Channel>> = {
  binary: (http) => createCloudEventChannel({ http, mode: 'binary' }),
  structured: (http) => createCloudEventChannel({ http, mode: 'structured' }),
  http: (http) => createHttpPostChannel({ http }),
};
const KINDS = ['binary', 'structured', 'http'] as const;

const aWakeUp = (notify: string, given: Partial<WakeUp> = {}): WakeUp => ({
  id: '7b5a4c0e-9d0f-4b43-8f0e-2f6f1c0a9b11',
  registration: { format: 1, revision: 'r', ...aDraft({ id: 'the-id', notify }) },
  queue: 'DEV.QUEUE.1',
  depth: 42,
  decidedAtMs: Date.parse('2026-11-21T21:31:00.123Z'),
  headers: {},
  ...given,
});
const attempt = (
  kind: (typeof KINDS)[number],
  wakeUp: WakeUp,
  timeoutMs = 2_000,
  signal = new AbortController().signal,
): Promise<AttemptResult> => {
  const http = createHttpClient();
  closing.push(http.close);
  return CHANNELS[kind](http).attempt(wakeUp, { timeoutMs, signal });
};
/** What a target saw, as its framework would give it. */
const seenBy = (
  request: SeenRequest | undefined,
): { readonly line: string; readonly headers: Record<string, string>; readonly body: string } => {
  const [line = '', ...rest] = (request?.head ?? '').split('\r\n');
  const headers = rest.map(
    (one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()] as const,
  );
  expect(new Set(headers.map(([name]) => name)).size).toBe(headers.length);
  return { line, headers: Object.fromEntries(headers), body: request?.body ?? '' };
};
const received = async (kind: (typeof KINDS)[number], given: Partial<WakeUp> = {}) => {
  const server = await aServer(answerOk);
  const wakeUp = aWakeUp(`${server.url}/hook?x=1`, given);
  expect(await attempt(kind, wakeUp)).toMatchObject({ kind: 'answered', status: 200 });
  return seenBy(server.requests[0]);
};
const PAYLOAD = {
  CE_QMGR: 'QM1',
  CE_QUEUE: 'DEV.QUEUE.1',
  CE_DEPTH: '42',
  ID: 'the-id',
  notification: 'messages found on queue',
};
const TRACEPARENT = /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-01$/;

describe('a CloudEvent', () => {
  it('in binary mode is what the contract says, header by header', async () => {
    const { line, headers, body } = await received('binary');
    expect(line).toBe('POST /hook?x=1 HTTP/1.1');
    expect(headers).toMatchObject({
      'ce-specversion': '1.0',
      'ce-type': 'queue-messages',
      'ce-source': 'mq-observer',
      'ce-id': '7b5a4c0e-9d0f-4b43-8f0e-2f6f1c0a9b11',
      'ce-time': '2026-11-21T21:31:00.123Z',
      'ce-subject': 'QM1/DEV.QUEUE.1',
      'content-type': 'application/json',
      'user-agent': 'mq-observer',
      traceparent: expect.stringMatching(TRACEPARENT) as string,
    });
    expect(JSON.parse(body)).toEqual(PAYLOAD);
  });

  it.each(['binary', 'structured'] as const)(
    'in %s mode is understood by the CloudEvents package',
    async (kind) => {
      const { headers, body } = await received(kind);
      const event = HTTP.toEvent({ headers, body }) as CloudEvent<unknown>;
      expect(event.validate()).toBe(true);
      expect(event).toMatchObject({
        specversion: '1.0',
        id: '7b5a4c0e-9d0f-4b43-8f0e-2f6f1c0a9b11',
        type: 'queue-messages',
        source: 'mq-observer',
        subject: 'QM1/DEV.QUEUE.1',
        time: '2026-11-21T21:31:00.123Z',
        datacontenttype: 'application/json',
        data: PAYLOAD,
      });
    },
  );

  it('in structured mode is one document, without attributes as headers', async () => {
    const { headers } = await received('structured');
    expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    expect(Object.keys(headers).filter((name) => name.startsWith('ce-'))).toEqual([]);
    expect(headers['traceparent']).toMatch(TRACEPARENT);
  });

  it('has its attributes percent-encoded as headers, and as they are in a document', async () => {
    const odd = { queue: 'A%20B/C' };
    expect((await received('binary', odd)).headers['ce-subject']).toBe('QM1/A%2520B/C');
    expect(JSON.parse((await received('structured', odd)).body)).toMatchObject({ subject: 'QM1/A%20B/C' });
  });

  it.each([
    ['Euro € 😀', 'Euro%20%E2%82%AC%20%F0%9F%98%80'],
    ['QM1/DEV.QUEUE_1', 'QM1/DEV.QUEUE_1'],
    ['"%"', '%22%25%22'],
    ['a\r\nb\u007f', 'a%0D%0Ab%7F'],
    ['!~\ud800', '!~%EF%BF%BD'],
    ['', ''],
  ])('encodes %j as %j', (text, header) => {
    expect(encodeAttribute(text)).toBe(header);
  });

  it('keeps its trace over attempts, and another one has another', async () => {
    const trace = async (id: string): Promise<string | undefined> =>
      (await received('binary', { id })).headers['traceparent'];
    const [one, again, other] = [await trace('a'), await trace('a'), await trace('b')];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });
});

describe('a plain POST', () => {
  it('has the payload as JSON, and nothing of a CloudEvent', async () => {
    const { line, headers, body } = await received('http');
    expect(line).toBe('POST /hook?x=1 HTTP/1.1');
    expect(headers['content-type']).toBe('application/json');
    expect(Object.keys(headers).filter((name) => name.startsWith('ce-'))).toEqual([]);
    expect(JSON.parse(body)).toEqual(PAYLOAD);
  });
});

describe.each(KINDS)('any of them (%s)', (kind) => {
  it("carries the owner's headers, which cannot take the place of ours", async () => {
    const { headers } = await received(kind, {
      headers: { Authorization: 'Bearer abc', 'X-My': '', 'User-Agent': 'mine', 'Content-Type': 'text/evil' },
    });
    expect(headers).toMatchObject({ authorization: 'Bearer abc', 'x-my': '', 'user-agent': 'mine' });
    expect(headers['content-type']).toMatch(/json/);
  });

  it.each<[string, Script, AttemptResult]>([
    [
      'an error',
      (socket) => respond(socket, '500 Broken', [], 'sorry'),
      { kind: 'answered', status: 500, retryAfter: undefined },
    ],
    [
      'when to come back',
      (socket) => respond(socket, '503 Busy', ['Retry-After: 7']),
      { kind: 'answered', status: 503, retryAfter: '7' },
    ],
    [
      'elsewhere',
      (socket) => respond(socket, '307 There', ['location: http://127.0.0.1:1/']),
      { kind: 'answered', status: 307, retryAfter: undefined },
    ],
    [
      'with more than anybody reads',
      (socket) => respond(socket, '200 OK', [], 'x'.repeat(1_000_000)),
      { kind: 'answered', status: 200, retryAfter: undefined },
    ],
    [
      'by hanging up',
      (socket) => void socket.destroy(),
      { kind: 'no-answer', code: 'reset', message: expect.any(String) as string },
    ],
    [
      'not at all',
      () => undefined,
      { kind: 'no-answer', code: 'timeout', message: expect.any(String) as string },
    ],
  ])('tells what the target answered: %s', async (_, script, result) => {
    const server = await aServer(script);
    expect(await attempt(kind, aWakeUp(server.url), 200)).toEqual(result);
    expect(server.requests).toHaveLength(1);
  });

  it('is called off when the function is', async () => {
    const server = await aServer(answerOk);
    expect(await attempt(kind, aWakeUp(server.url), 200, AbortSignal.abort())).toMatchObject({
      kind: 'no-answer',
      code: 'aborted',
    });
  });

  it('that cannot be sent is a result as well', async () => {
    const bad = aWakeUp('http://127.0.0.1:1/', { headers: { 'x-bad': 'a\r\nb' } });
    expect(await attempt(kind, bad)).toMatchObject({ kind: 'no-answer', code: 'protocol' });
  });
});

it('what cannot be woken as this deployment is configured says so', async () => {
  const result = await createUnavailableChannel('ce_apikey is not set').attempt(aWakeUp('my-job'), {
    timeoutMs: 1,
    signal: AbortSignal.abort(),
  });
  expect(result).toEqual({
    kind: 'misconfigured',
    message: 'ce_apikey is not set',
  });
});
