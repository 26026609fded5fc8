import { describe, expect, it } from 'vitest';
import type { QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import { HttpFailure, type HttpClient, type OutgoingRequest } from '../../platform/http-client.ts';
import { secret } from '../../platform/secret.ts';
import type { QueueManagerReading } from '../queue-depths.ts';
import { createMqRestQueueDepths } from './mq-rest-queue-depths.ts';

const settings = (qmgr: string, more: Partial<QueueManagerSettings> = {}): QueueManagerSettings => ({
  qmgr,
  baseUrl: 'https://mq.example:9443',
  user: 'observer',
  password: secret('pa:ss wörd'),
  allowSelfSigned: false,
  ...more,
});

interface Reply {
  readonly status?: number;
  readonly value?: unknown;
  readonly fails?: Error;
  readonly tookMs?: number;
  readonly truncated?: boolean;
}

/** A client that answers from a list, and a clock that each answer moves. */
function scripted(replies: readonly Reply[]) {
  const requests: OutgoingRequest[] = [];
  let nowMs = 1000;
  const client: HttpClient = {
    send: (request) => {
      const reply = replies[requests.length] ?? { fails: new Error('asked too often') };
      requests.push(request);
      nowMs += reply.tookMs ?? 0;
      if (reply.fails !== undefined) return Promise.reject(reply.fails);
      const { status = 200, value = { queue: [] }, truncated = false } = reply;
      const headers = { 'content-type': 'application/json' };
      return Promise.resolve({ status, headers, body: Buffer.from(JSON.stringify(value)), truncated });
    },
    close: () => undefined,
  };
  return { client, requests, nowMs: () => nowMs };
}

function depthsOver(replies: readonly Reply[], queueManagers = [settings('QM1')]) {
  const { client, requests, nowMs } = scripted(replies);
  const depths = createMqRestQueueDepths({ queueManagers, http: () => client, timeoutMs: 10_000, nowMs });
  return {
    requests,
    depths,
    read: (qmgr = 'QM1', signal = new AbortController().signal) => depths.read(qmgr, signal),
  };
}

const messageOf = (reading: QueueManagerReading): string =>
  reading.kind === 'failed' ? reading.message : 'read';
const codeOf = (reading: QueueManagerReading): string => (reading.kind === 'failed' ? reading.code : 'read');

const ONE_QUEUE = { queue: [{ name: 'Q', type: 'local', status: { currentDepth: 2 } }] };
const FILTER_REFUSED = { status: 400, value: { error: [{ message: "'filter' is not valid" }] } };

describe('one reading', () => {
  it('is one request that asks for local queues with messages', async () => {
    const { read, requests } = depthsOver([{ value: ONE_QUEUE }], [settings('QM.1/A%')]);
    expect(await read('QM.1/A%')).toEqual({
      kind: 'read',
      queues: new Map([['Q', { queue: 'Q', depth: 2 }]]),
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: 'https://mq.example:9443/ibmmq/rest/v1/admin/qmgr/QM%2E1%2FA%25/queue?type=local&status=status.currentDepth&filter=status.currentDepth:greaterThan:0',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from('observer:pa:ss wörd').toString('base64')}`,
        'ibm-mq-rest-csrf-token': 'mq-observer',
        connection: 'close',
      },
      timeoutMs: 10_000,
      answerBytesMax: 16 * 1024 * 1024,
    });
  });

  it.each([
    ['dns', 'unreachable'],
    ['connect', 'unreachable'],
    ['tls', 'unreachable'],
    ['reset', 'unreachable'],
    ['blocked', 'unreachable'],
    ['timeout', 'timeout'],
    ['aborted', 'timeout'],
    ['protocol', 'unreadable'],
  ] as const)('that fails as "%s" is "%s", and is not asked again', async (failure, code) => {
    const { read, requests } = depthsOver([{ fails: new HttpFailure(failure, 'it broke (EWHY)') }]);
    const reading = await read();
    expect(codeOf(reading)).toBe(code);
    expect(messageOf(reading)).toMatch(
      /^Queue manager QM1 at https:\/\/mq\.example:9443\/.*: it broke \(EWHY\)\. [A-Z]/,
    );
    expect(requests).toHaveLength(1);
  });

  it('does not reject when the client does what it should not', async () => {
    const error = Object.assign(new TypeError('bad header: Basic b2JzZXJ2ZXI='), {
      code: 'ERR_INVALID_CHAR',
    });
    const reading = await depthsOver([{ fails: error }]).read();
    expect(codeOf(reading)).toBe('unreachable');
    expect(messageOf(reading)).toContain('ERR_INVALID_CHAR');
    expect(messageOf(reading)).not.toContain('b2JzZXJ2ZXI');
  });

  it('sends nothing when it was called off before', async () => {
    const { read, requests } = depthsOver([]);
    expect(codeOf(await read('QM1', AbortSignal.abort()))).toBe('timeout');
    expect(requests).toHaveLength(0);
  });

  it('is unreadable when the answer is too long', async () => {
    const reading = await depthsOver([{ value: ONE_QUEUE, truncated: true }]).read();
    expect(codeOf(reading)).toBe('unreadable');
    expect(messageOf(reading)).toContain('longer than 16 MiB');
  });

  it('keeps credentials out of what it says', async () => {
    const entry = settings('QM1', {
      baseUrl: 'https://root:hunter2@mq.example',
      password: secret('hunter2'),
    });
    const replies = [
      { status: 401 },
      { fails: new HttpFailure('connect', 'no') },
      { status: 200, value: [] },
    ];
    const { read } = depthsOver(replies, [entry]);
    for (const _ of replies) {
      const message = messageOf(await read());
      expect(message).toContain('https://mq.example/ibmmq');
      expect(message).not.toMatch(/hunter2|root|Basic/);
    }
  });
});

describe('a filter that is refused', () => {
  it('is left out in a second request, and from then on', async () => {
    const { read, requests } = depthsOver([FILTER_REFUSED, { value: ONE_QUEUE }, { value: ONE_QUEUE }]);
    expect(codeOf(await read())).toBe('read');
    expect(requests.map(({ url }) => String(url).includes('&filter='))).toEqual([true, false]);
    expect(codeOf(await read())).toBe('read');
    expect(requests.map(({ url }) => String(url).includes('&filter='))).toEqual([true, false, false]);
  });

  it('is remembered for its own queue manager only', async () => {
    const replies = [FILTER_REFUSED, { value: ONE_QUEUE }, { value: ONE_QUEUE }];
    const { read, requests } = depthsOver(replies, [settings('QM1'), settings('QM2')]);
    await read('QM1');
    await read('QM2');
    expect(requests[2]?.url).toContain('/QM2/queue?type=local&status=status.currentDepth&filter=');
  });

  it('is tried again in the next reading when the second request failed', async () => {
    const { read, requests } = depthsOver([FILTER_REFUSED, { status: 500 }, { value: ONE_QUEUE }]);
    expect(codeOf(await read())).toBe('unavailable');
    expect(codeOf(await read())).toBe('read');
    expect(requests[2]?.url).toContain('&filter=');
  });

  it('leads to no third request', async () => {
    const { read, requests } = depthsOver([FILTER_REFUSED, FILTER_REFUSED]);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(2);
  });

  it('leaves the second request what is left of the time', async () => {
    const { read, requests } = depthsOver([{ ...FILTER_REFUSED, tookMs: 9_000 }, { value: ONE_QUEUE }]);
    await read();
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 1_000]);
  });

  it('is not supposed when a 400 speaks of something else', async () => {
    const { read, requests } = depthsOver([{ status: 400, value: { error: [{ msgId: 'MQWB0120E' }] } }]);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(1);
  });
});

describe('the configured queue managers', () => {
  it('keep their order, and of two with the same name the first one counts', async () => {
    const entries = [settings('B'), settings('A'), settings('B', { baseUrl: 'https://other.example' })];
    const { depths, read, requests } = depthsOver([{}], entries);
    expect(depths.queueManagers).toEqual(['B', 'A']);
    await read('B');
    expect(requests[0]?.url).toContain('https://mq.example:9443/');
  });

  it('are named when another one is asked for', async () => {
    const { read, requests } = depthsOver([], [settings('QM1'), settings('QM2')]);
    const reading = await read('qm1');
    expect(reading).toEqual({
      kind: 'failed',
      code: 'not-configured',
      message: 'Queue manager qm1 is not configured. Configured: QM1, QM2. Names are case-sensitive.',
    });
    expect(messageOf(await depthsOver([], []).read())).toContain('No queue manager is');
    expect(requests).toHaveLength(0);
  });

  it('are not named without end', async () => {
    const many = Array.from({ length: 1000 }, (_, number) => settings(`QM${number}`));
    expect(messageOf(await depthsOver([], many).read('X'))).toContain('QM19 and 980 more.');
  });

  it('share one client for each kind of trust', () => {
    const asked: boolean[] = [];
    const { client } = scripted([]);
    createMqRestQueueDepths({
      queueManagers: ['A', 'B', 'C', 'D'].map((qmgr) => settings(qmgr, { allowSelfSigned: qmgr > 'B' })),
      http: (allowSelfSigned) => {
        asked.push(allowSelfSigned);
        return client;
      },
      timeoutMs: 1,
    });
    expect(asked).toEqual([false, true]);
  });
});
