import { describe, expect, it } from 'vitest';
import type { QueueManagerSettings, QueueManagerTrust } from '../../platform/configuration/configuration.ts';
import { HttpFailure, type HttpClient, type OutgoingRequest } from '../../platform/http-client.ts';
import { secret } from '../../platform/secret.ts';
import type { QueueManagerReading, Wanted } from '../queue-depths.ts';
import { createMqRestQueueDepths } from './mq-rest-queue-depths.ts';

const TRUST = { allowSelfSigned: false, ca: undefined, certificate: undefined };
const settings = (qmgr: string, more: Partial<QueueManagerSettings> = {}): QueueManagerSettings => ({
  qmgr,
  baseUrls: ['https://mq.example:9443'],
  api: 'v1',
  login: { kind: 'basic', user: 'observer', password: secret('pa:ss wörd') },
  gateway: undefined,
  trust: TRUST,
  ...more,
});
const WANTED = { names: new Set(['Q', 'X*']), oldestMessageAge: false, openInputCount: false };

interface Reply {
  readonly status?: number;
  readonly value?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
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
      const headers = { 'content-type': 'application/json', ...reply.headers };
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
    read: (qmgr = 'QM1', wanted: Wanted = WANTED, signal = new AbortController().signal) =>
      depths.read(qmgr, wanted, signal),
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
      notFound: new Set(),
      warnings: [],
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: 'https://mq.example:9443/ibmmq/rest/v1/admin/qmgr/QM%2E1%2FA%25/queue?type=local&attributes=general.inhibitGet,general.isTransmissionQueue&status=status.currentDepth&filter=status.currentDepth:greaterThan:0',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from('observer:pa:ss wörd').toString('base64')}`,
        'ibm-mq-rest-csrf-token': 'mq-observer',
      },
      repeatable: true,
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
      /^Queue manager QM1 at https:\/\/mq\.example:9443: it broke \(EWHY\)\. [A-Z]/,
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
    expect(codeOf(await read('QM1', WANTED, AbortSignal.abort()))).toBe('timeout');
    expect(requests).toHaveLength(0);
  });

  it('is unreadable when the answer is too long', async () => {
    const reading = await depthsOver([{ value: ONE_QUEUE, truncated: true }]).read();
    expect(codeOf(reading)).toBe('unreadable');
    expect(messageOf(reading)).toContain('longer than 16 MiB');
  });

  it('keeps credentials out of what it says', async () => {
    const entry = settings('QM1', {
      baseUrls: ['https://root:hunter2@mq.example'],
      login: { kind: 'basic', user: 'observer', password: secret('hunter2') },
    });
    const replies = [
      { status: 401 },
      { fails: new HttpFailure('connect', 'no') },
      { status: 200, value: [] },
    ];
    const { read } = depthsOver(replies, [entry]);
    for (const _ of replies) {
      const message = messageOf(await read());
      expect(message).toContain('https://mq.example:');
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
    expect(requests[2]?.url).toMatch(/\/QM2\/queue\?.*&filter=/);
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
    const { read, requests } = depthsOver([{ status: 400, value: { error: [{ msgId: 'MQWB0999E' }] } }]);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(1);
  });
});

const pathsOf = (requests: readonly OutgoingRequest[]): readonly string[] =>
  requests.map(({ url }) =>
    String(url)
      .replace(/^https:\/\/([a-z.]+):?\d*\/ibmmq\/rest/, '$1')
      .replace(/\?.*/, ''),
  );
const queuesOf = (reading: QueueManagerReading): unknown =>
  reading.kind === 'read' ? [...reading.queues.values()] : reading;

describe('an attribute that is refused', () => {
  const wanted = { ...WANTED, oldestMessageAge: true, openInputCount: true };
  const REFUSED = { status: 400, value: { error: [{ msgId: 'MQWB0120E', message: 'oldestMessageAge' }] } };

  it('is left out, with a warning, and not asked for again', async () => {
    const { read, requests } = depthsOver([REFUSED, { value: ONE_QUEUE }, { value: ONE_QUEUE }]);
    const reading = await read('QM1', wanted);
    expect(reading).toMatchObject({ kind: 'read', warnings: [expect.stringContaining('oldestMessageAge')] });
    await read('QM1', wanted);
    expect(requests.map(({ url }) => String(url).includes('status.oldestMessageAge'))).toEqual([
      true,
      false,
      false,
    ]);
    expect(String(requests[2]?.url)).toContain('status.openInputCount');
  });

  it('that is not named may be any of them', async () => {
    const UNNAMED = { status: 400, value: { error: [{ msgId: 'MQWB0120E' }] } };
    const { read, requests } = depthsOver([UNNAMED, { value: ONE_QUEUE }]);
    expect(codeOf(await read('QM1', wanted))).toBe('read');
    expect(String(requests[1]?.url)).toMatch(/\?type=local&status=status.currentDepth&filter=/);
  });
});

describe('several web servers', () => {
  const pair = [settings('QM1', { baseUrls: ['https://a.example', 'https://b.example'] })];

  it.each([
    { fails: new HttpFailure('connect', 'no') },
    { fails: new HttpFailure('timeout', 'no') },
    { status: 503 },
    { status: 500, value: { error: [{ reasonCode: 2543 }] } },
  ])('are tried in turn on %j, the one that answered first from then on', async (failure) => {
    const { read, requests } = depthsOver([failure, { value: ONE_QUEUE }, { value: ONE_QUEUE }], pair);
    expect(codeOf(await read())).toBe('read');
    expect(codeOf(await read())).toBe('read');
    expect(pathsOf(requests).map((path) => path.slice(0, 9))).toEqual([
      'a.example',
      'b.example',
      'b.example',
    ]);
  });

  it('are not tried when the first says what another would say, too', async () => {
    const { read, requests } = depthsOver([{ status: 401 }], pair);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(1);
  });

  it('share the time, and are all named when none answers', async () => {
    const fails = new HttpFailure('timeout', 'silence');
    const { read, requests } = depthsOver(
      [
        { fails, tookMs: 5_000 },
        { fails, tookMs: 5_000 },
      ],
      pair,
    );
    const reading = await read();
    expect(messageOf(reading)).toMatch(/a\.example: silence\. At https:\/\/b\.example: silence\./);
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 5_000]);
  });
});

describe('the way that is found out', () => {
  const auto = [settings('QM1', { api: 'auto' })];
  const NOT_THERE = { status: 404, value: { error: [{ msgId: 'MQWB0000E' }] } };
  const RESPONSE = {
    value: {
      commandResponse: [{ completionCode: 0, reasonCode: 0, parameters: { queue: 'Q', curdepth: 2 } }],
      overallCompletionCode: 0,
      overallReasonCode: 0,
    },
  };

  it('is the queue resource, or else commands under the newest version, and is remembered', async () => {
    const { read, requests } = depthsOver([NOT_THERE, NOT_THERE, RESPONSE, RESPONSE], auto);
    expect(queuesOf(await read())).toEqual([{ queue: 'Q', depth: 2 }]);
    await read();
    expect(pathsOf(requests)).toEqual([
      'mq.example/v1/admin/qmgr/QM1/queue',
      'mq.example/v3/admin/action/qmgr/QM1/mqsc',
      'mq.example/v2/admin/action/qmgr/QM1/mqsc',
      'mq.example/v2/admin/action/qmgr/QM1/mqsc',
    ]);
    expect(JSON.parse(String(requests[3]?.body))).toEqual({
      ...{ type: 'runCommandJSON', command: 'display', qualifier: 'qlocal', name: '*' },
      parameters: { WHERE: 'CURDEPTH GT 0' },
      responseParameters: ['curdepth', 'get', 'usage', 'deftype'],
    });
    expect(requests[3]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
  });

  it('is not looked for when the login is refused or the queue manager is not known', async () => {
    for (const reply of [{ status: 401 }, { status: 404, value: { error: [{ msgId: 'MQWB0009E' }] } }]) {
      const { read, requests } = depthsOver([reply], auto);
      expect(codeOf(await read())).toBe('rejected');
      expect(requests).toHaveLength(1);
    }
  });

  it('ends when there is none', async () => {
    const { read, requests } = depthsOver([NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE], auto);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(4);
  });
});

describe('a name that no queue with messages has', () => {
  const wanted = { ...WANTED, names: new Set(['ALIAS', 'EMPTY', 'GONE']) };
  const ALIASES = { value: { queue: [{ name: 'ALIAS', type: 'alias', alias: { targetName: 'Q' } }] } };
  const THERE = { value: { queue: [{ name: 'EMPTY', type: 'local' }] } };
  const GONE = { status: 404, value: { error: [{ msgId: 'MQWB0037E', reasonCode: 3312 }] } };

  it('may be an alias, empty, or missing: that is found out once', async () => {
    const replies = [{ value: ONE_QUEUE }, ALIASES, THERE, THERE, GONE, { value: ONE_QUEUE }];
    const { read, requests } = depthsOver(replies);
    for (let round = 0; round < 2; round++)
      expect(await read('QM1', wanted)).toEqual({
        kind: 'read',
        queues: new Map([['ALIAS', { queue: 'ALIAS', depth: 2, hidden: true }]]),
        notFound: new Set(['GONE']),
        warnings: [],
      });
    expect(pathsOf(requests).map((path) => path.slice('mq.example/v1/admin/qmgr/QM1/'.length))).toEqual([
      'queue',
      'queue',
      'queue/ALIAS',
      'queue/EMPTY',
      'queue/GONE',
      'queue',
    ]);
  });

  it('counts as empty when that cannot be found out', async () => {
    const failing = { status: 500 };
    const { read } = depthsOver([{ value: ONE_QUEUE }, failing, failing, failing, failing]);
    expect(await read('QM1', wanted)).toMatchObject({
      kind: 'read',
      notFound: new Set(),
      warnings: [expect.stringContaining('alias queues are not known: HTTP 500')],
    });
  });

  it('is one of a few that are asked about at once, of however many', async () => {
    const many = new Set(Array.from({ length: 1000 }, (_, index) => `EMPTY.${index}`));
    const { read, requests } = depthsOver([{ value: ONE_QUEUE }, ALIASES, THERE, THERE, THERE, THERE]);
    await read('QM1', { ...wanted, names: many });
    expect(requests).toHaveLength(6);
  });
});

describe('a login by token', () => {
  const ltpa = [
    settings('QM1', { login: { kind: 'ltpa', user: 'observer', password: secret('pa:ss wörd') } }),
  ];
  const cookie = (value: string): Reply => ({
    status: 204,
    headers: { 'set-cookie': `other=1; Path=/, LtpaToken2_x7=${value}; Path=/; Secure; HttpOnly` },
  });
  const EXPIRED = { status: 401, value: { error: [{ msgId: 'MQWB0112E' }] } };
  const cookiesOf = (requests: readonly OutgoingRequest[]): unknown[] =>
    requests.map(({ headers }) => headers['cookie']);

  it('is kept, and renewed once when it has run out', async () => {
    const replies = [cookie('one='), { value: ONE_QUEUE }, EXPIRED, cookie('two'), { value: ONE_QUEUE }];
    const { read, requests } = depthsOver(replies, ltpa);
    expect(codeOf(await read())).toBe('read');
    expect(codeOf(await read())).toBe('read');
    expect(cookiesOf(requests)).toEqual([
      undefined,
      'LtpaToken2_x7=one=',
      'LtpaToken2_x7=one=',
      undefined,
      'LtpaToken2_x7=two',
    ]);
    expect(requests[0]).toMatchObject({
      ...{ method: 'POST', url: 'https://mq.example:9443/ibmmq/rest/v1/login' },
      body: JSON.stringify({ username: 'observer', password: 'pa:ss wörd' }),
    });
    expect(requests.some(({ headers }) => 'authorization' in headers)).toBe(false);
  });

  it('with a wrong password ends with the one try', async () => {
    const { read, requests } = depthsOver([{ status: 401 }], ltpa);
    const reading = await read();
    expect(codeOf(reading)).toBe('rejected');
    expect(messageOf(reading)).toContain('ADMIN_PASSWORD');
    expect(requests).toHaveLength(1);
  });

  it('that is refused as soon as it was given is not asked for again', async () => {
    const { read, requests } = depthsOver([cookie('one'), EXPIRED], ltpa);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(2);
  });

  it('without a cookie is no login', async () => {
    const { read } = depthsOver([{ status: 204 }], ltpa);
    expect(messageOf(await read())).toContain('without an LTPA cookie');
  });
});

describe('what is sent along', () => {
  it('names the gateway, and nothing of a password where a certificate is the login', async () => {
    const entry = settings('QM1', { gateway: 'GW', login: { kind: 'certificate' } });
    const { read, requests } = depthsOver([{ value: ONE_QUEUE }], [entry]);
    await read();
    expect(requests[0]?.headers).toEqual({
      accept: 'application/json',
      'ibm-mq-rest-csrf-token': 'mq-observer',
      'ibm-mq-rest-gateway-qmgr': 'GW',
    });
  });
});

describe('the configured queue managers', () => {
  it('keep their order, and of two with the same name the first one counts', async () => {
    const entries = [settings('B'), settings('A'), settings('B', { baseUrls: ['https://other.example'] })];
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
    const asked: QueueManagerTrust[] = [];
    const own = { ...TRUST, ca: 'PEM' };
    const { client } = scripted([]);
    createMqRestQueueDepths({
      queueManagers: ['A', 'B', 'C', 'D'].map((qmgr) => settings(qmgr, { trust: qmgr > 'B' ? own : TRUST })),
      http: (trust) => {
        asked.push(trust);
        return client;
      },
      timeoutMs: 1,
    });
    expect(asked).toEqual([TRUST, own]);
  });
});
