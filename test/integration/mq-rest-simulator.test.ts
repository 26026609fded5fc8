import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueManagerSettings } from '../../lib/platform/configuration/configuration.ts';
import { createHttpClient } from '../../lib/platform/http-client.ts';
import { secret } from '../../lib/platform/secret.ts';
import { systemRandomness } from '../../lib/platform/system-clock.ts';
import { createMqRestQueueDepths } from '../../lib/queues/mq-rest/mq-rest-queue-depths.ts';
import type { QueueManagerReading, Wanted } from '../../lib/queues/queue-depths.ts';
import type { MqFault } from '../../local/simulators/mq/fault.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `QM${index + 1}`);
const ODD_NAMES = ['QM.PROD', 'A/B', '50%', '%2F', '_.', 'a.b/c%d_'];
const TIMEOUT_MS = 5_000;
/** For answers that never come. */
const SHORT_TIMEOUT_MS = 300;

const http = createHttpClient();
let simulator: MqSimulator;
beforeAll(async () => {
  simulator = await startMqSimulator({
    queueManagers: [...NAMES, ...ODD_NAMES].map((name) => ({ name, queues: { 'DEV.QUEUE.1': 3 } })),
  });
});
afterAll(async () => {
  http.close();
  await simulator.close();
});
beforeEach(() => {
  for (const qmgr of Object.keys(simulator.faults())) simulator.setFault(qmgr, undefined);
  simulator.clearJournal();
});

interface Overrides {
  readonly password?: string;
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
}

function client(queueManagers: readonly string[] = NAMES, overrides: Overrides = {}) {
  const { password = 'mqreader', baseUrl = simulator.restBaseUrl, timeoutMs = TIMEOUT_MS } = overrides;
  const entries = queueManagers.map((qmgr): QueueManagerSettings => ({
    qmgr,
    baseUrls: [baseUrl],
    api: 'v1',
    login: { kind: 'basic', user: 'mqreader', password: secret(password) },
    gateway: undefined,
    trust: { allowSelfSigned: false, ca: undefined, certificate: undefined },
  }));
  return createMqRestQueueDepths({
    queueManagers: entries,
    http: () => http,
    timeoutMs,
    random: systemRandomness,
  });
}

const WANTED: Wanted = {
  names: new Set(['DEV.QUEUE.*', 'PAYSYSTEM.*']),
  oldestMessageAge: false,
  openInputCount: false,
};
const never = (): AbortSignal => new AbortController().signal;
const codeOf = (reading: QueueManagerReading): string => (reading.kind === 'failed' ? reading.code : 'read');
const depthOf = (reading: QueueManagerReading): number | undefined =>
  reading.kind === 'read' ? reading.queues.get('DEV.QUEUE.1')?.depth : undefined;

/** What each fault is to the client. */
const FAULTS: readonly (readonly [MqFault, string, RegExp])[] = [
  ['status:400', 'rejected', /HTTP 400:/],
  ['status:401', 'rejected', /HTTP 401:.*ADMIN_USER/],
  ['status:403', 'rejected', /HTTP 403:.*MQWebAdminRO/],
  ['status:404', 'rejected', /HTTP 404:/],
  ['status:429', 'unavailable', /HTTP 429:/],
  ['status:500', 'unavailable', /HTTP 500:/],
  ['status:503', 'unavailable', /HTTP 503:/],
  ['status:204', 'unreadable', /HTTP 204:/],
  ['status:200', 'unreadable', /error report/],
  ['status:302', 'rejected', /HTTP 302 \(to \/ibmmq\/console\/login\.html\)/],
  ['html:200', 'unreadable', /text\/html/],
  ['html:401', 'rejected', /HTTP 401:/],
  ['html:404', 'unreadable', /not the MQ REST API/],
  ['html:502', 'unavailable', /HTTP 502:/],
  ['slow:5', 'read', /^$/],
  ['slow:60000', 'timeout', /within 300 ms.*MQ_TIMEOUT/],
  ['hang', 'timeout', /within 300 ms/],
  ['reset', 'unreachable', /closed in the middle/],
  ['reset:body', 'unreachable', /closed in the middle/],
  ['truncate', 'unreadable', /not valid JSON/],
  ['notjson', 'unreadable', /not valid JSON/],
  ['wrongShape', 'unreadable', /not an object/],
  ['wrongShape:text', 'unreadable', /not an object/],
  ['wrongShape:noList', 'unreadable', /not a list/],
  ['wrongShape:empty', 'unreadable', /not a list/],
  ['wrongShape:null', 'unreadable', /not a list/],
  ['wrongShape:depthAsText', 'read', /^$/],
  ['wrongShape:upperCaseKeys', 'read', /^$/],
  ['huge:5000', 'read', /^$/],
];

/** The depth of DEV.QUEUE.1 in answers that can be read all the same. */
const DEPTHS: Readonly<Partial<Record<MqFault, number>>> = {
  'slow:5': 3,
  'wrongShape:depthAsText': 5,
  'wrongShape:upperCaseKeys': 5,
};

describe('a queue manager that misbehaves', () => {
  it.each(FAULTS)(
    'with "%s" is "%s" after one request, or one more without the filter',
    async (fault, code, words) => {
      simulator.setFault('QM1', fault);
      const timeoutMs = code === 'timeout' ? SHORT_TIMEOUT_MS : TIMEOUT_MS;
      const reading = await client(NAMES, { timeoutMs }).read('QM1', WANTED, never());
      expect(codeOf(reading)).toBe(code);
      expect(depthOf(reading)).toBe(DEPTHS[fault]);
      expect(reading.kind === 'failed' ? reading.message : '').toMatch(words);
      const where = `Queue manager QM1 at ${simulator.restBaseUrl}:`;
      expect(reading.kind === 'failed' ? reading.message : where).toContain(where);
      expect(simulator.journal('QM1')).toHaveLength(fault === 'status:400' ? 2 : 1);
    },
  );

  it('and has more to say than 16 MiB is cut off', async () => {
    simulator.setFault('QM1', 'huge:200000');
    const reading = await client(['QM1'], { timeoutMs: 20_000 }).read('QM1', WANTED, never());
    expect(codeOf(reading)).toBe('unreadable');
    expect(reading.kind === 'failed' ? reading.message : '').toContain('longer than 16 MiB');
  });

  it('and takes no filter is asked once more without, and never again with it', async () => {
    simulator.setFault('QM1', 'nofilter');
    const depths = client();
    expect(depthOf(await depths.read('QM1', WANTED, never()))).toBe(3);
    expect(depthOf(await depths.read('QM1', WANTED, never()))).toBe(3);
    expect(simulator.journal('QM1').map(({ target }) => target.includes('filter='))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('holds up none of the others', async () => {
    const faults: readonly MqFault[] = ['hang', 'reset', 'status:503', 'truncate', 'html:200', 'slow:60000'];
    for (const [index, fault] of faults.entries()) simulator.setFault(`QM${index + 1}`, fault);
    const depths = client(NAMES, { timeoutMs: 2_000 });
    let timedOut = 0;
    const readings = NAMES.map(async (qmgr) => {
      const reading = await depths.read(qmgr, WANTED, never());
      if (codeOf(reading) === 'timeout') timedOut += 1;
      return reading;
    });
    const healthy = await Promise.all(readings.slice(faults.length));
    expect(timedOut).toBe(0);
    expect(healthy.map(depthOf)).toEqual(healthy.map(() => 3));
    const failed = await Promise.all(readings.slice(0, faults.length));
    expect(failed.every(({ kind }) => kind === 'failed')).toBe(true);
    expect(timedOut).toBe(2);
    expect(simulator.journal()).toHaveLength(NAMES.length);
  });
});

describe('a queue manager that answers', () => {
  it('is read as it is at that moment', async () => {
    const depths = client();
    expect(depthOf(await depths.read('QM1', WANTED, never()))).toBe(3);
    simulator.put('QM1', 'DEV.QUEUE.1', 2);
    simulator.put('QM1', 'PAYSYSTEM.IN');
    const reading = await depths.read('QM1', WANTED, never());
    expect(reading).toEqual({
      kind: 'read',
      queues: new Map([
        ['DEV.QUEUE.1', { queue: 'DEV.QUEUE.1', depth: 5 }],
        ['PAYSYSTEM.IN', { queue: 'PAYSYSTEM.IN', depth: 1 }],
      ]),
      notFound: new Set(),
      warnings: [],
    });
    simulator.get('QM1', 'DEV.QUEUE.1', 5);
    simulator.get('QM1', 'PAYSYSTEM.IN');
    expect(await depths.read('QM1', WANTED, never())).toMatchObject({ kind: 'read', queues: new Map() });
    simulator.put('QM1', 'DEV.QUEUE.1', 3);
  });

  it.each(ODD_NAMES)('is found by its name: %s', async (qmgr) => {
    expect(depthOf(await client(ODD_NAMES).read(qmgr, WANTED, never()))).toBe(3);
    const [entry] = simulator.journal();
    expect(entry?.target.split('/')).toHaveLength(8);
    expect(entry?.target.split('/')[6]).not.toMatch(/[./]|%(?![0-9A-F]{2})/);
  });

  it('sees what is documented', async () => {
    await client().read('QM1', WANTED, never());
    const [entry] = simulator.journal();
    expect(entry?.method).toBe('GET');
    expect(entry?.target).toBe(
      '/ibmmq/rest/v1/admin/qmgr/QM1/queue?type=local&attributes=general.inhibitGet,general.isTransmissionQueue' +
        '&status=status.currentDepth&filter=status.currentDepth:greaterThan:0',
    );
    expect(entry?.headers).toMatchObject({
      authorization: 'Basic ***',
      accept: 'application/json',
      'ibm-mq-rest-csrf-token': 'mq-observer',
    });
  });
});

describe('a queue manager that cannot be read', () => {
  it('says so when the password is wrong, without the password', async () => {
    const reading = await client(NAMES, { password: 'wrong-password' }).read('QM1', WANTED, never());
    expect(reading).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('HTTP 401 (MQWB0105E)'),
    });
    expect(JSON.stringify(reading)).not.toContain('wrong-password');
  });

  it('says so when the web server does not know it, or its case', async () => {
    const reading = await client(['qm1']).read('qm1', WANTED, never());
    expect(reading).toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/MQWB0009E.*case-sensitive/),
    });
  });

  it.each([
    ['ended', 'HTTP 503 (reason code 2059)'],
    ['standby', 'HTTP 500 (MQWB0004E, reason code 2543)'],
  ] as const)('says so when it is %s', async (state, words) => {
    simulator.setState('QM1', state);
    const reading = await client().read('QM1', WANTED, never());
    simulator.setState('QM1', 'running');
    expect(reading).toMatchObject({ code: 'unavailable', message: expect.stringContaining(words) });
  });

  it.each([['nobody listens', 'http://127.0.0.1:1', 'unreachable', /ECONNREFUSED.*MQ_REST_PORT/]])(
    'says so when %s',
    async (_, baseUrl, code, words) => {
      const reading = await client(['QM1'], { baseUrl, timeoutMs: 20_000 }).read('QM1', WANTED, never());
      expect(reading).toMatchObject({ code, message: expect.stringMatching(words) });
    },
  );

  it('says so when the port does not speak TLS', async () => {
    const baseUrl = simulator.restBaseUrl.replace('http:', 'https:');
    const reading = await client(['QM1'], { baseUrl, timeoutMs: 20_000 }).read('QM1', WANTED, never());
    expect(reading).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/TLS.*https/) });
  });

  it('is left alone when the cycle calls the reading off, before and in the middle', async () => {
    simulator.setFault('QM1', 'hang');
    const calling = new AbortController();
    const reading = client(NAMES, { timeoutMs: 30_000 }).read('QM1', WANTED, calling.signal);
    await expect.poll(() => simulator.journal('QM1').length).toBe(1);
    calling.abort();
    expect(codeOf(await reading)).toBe('timeout');
    expect(codeOf(await client().read('QM1', WANTED, calling.signal))).toBe('timeout');
    expect(simulator.journal('QM1')).toHaveLength(1);
  });
});
