import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueManagerSettings } from '../../lib/platform/configuration/configuration.ts';
import { createHttpClient } from '../../lib/platform/http-client.ts';
import { secret } from '../../lib/platform/secret.ts';
import { systemRandomness } from '../../lib/platform/system-clock.ts';
import { createMqRestQueueDepths } from '../../lib/queues/mq-rest/mq-rest-queue-depths.ts';
import type { QueueManagerErrorCode, QueueManagerReading } from '../../lib/queues/queue-depths.ts';
import type { QueueDefinition } from '../../local/simulators/mq/model.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';

/** One exchange with a real queue manager, or one that is known to look like it. */
interface Vector {
  readonly id: string;
  readonly title: string;
  readonly request: { readonly path: string; readonly headers: Readonly<Record<string, string>> };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

const FILE = new URL('../vectors/mq-rest.json', import.meta.url);
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Vector[];
const vector = (id: string): Vector => {
  const found = VECTORS.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`there is no vector ${id}`);
  return found;
};

/** What the client makes of each answer: the depths, or the code of its failure and words of its message. */
const READINGS: Readonly<Record<string, unknown>> = {
  V01: {},
  V02: { 'DEV.QUEUE.1': 3, 'DYN.5F3A': 2, 'PAYSYSTEM.IN': 7 },
  V03: { 'DEV.QUEUE.1': 3 },
  V04: { Q1: 2 },
  V05: { Q1: 2 },
  V07: { 'DEV.QUEUE.1': 3 },
  V08: { 'ORDERS.IN': 12 },
  V09: {},
  V10: failure('rejected', /HTTP 404 \(MQWB0037E, reason code 3312\)/),
  V11: failure('rejected', /MQWB0009E.*does not know this queue manager/),
  V13: failure('unavailable', /reason code 2543\): this is a standby instance.*MQ_REST_HOSTS/),
  V14: failure('rejected', /HTTP 401 \(MQWB0105E\).*ADMIN_PASSWORD/),
  V15: failure('rejected', /HTTP 401 \(MQWB0104E\).*ADMIN_USER/),
  V16: failure('rejected', /HTTP 403 \(MQWB0108E\).*MQWebAdminRO/),
  V17: failure('rejected', /HTTP 403 \(MQWB0100E\)/),
  V18: failure('unreadable', /HTTP 204/),
  V19: failure('unreadable', /not a list/),
  V20: failure('rejected', /HTTP 401 \(MQWB0112E\): the login was not accepted/),
  V21: failure('unreadable', /HTTP 204/),
  V22: { 'DEV.QUEUE.1': 10 },
  V23: { 'DEV.QUEUE.1': 3 },
  V24: {},
  V26: { 'ORDERS.IN': 12 },
  V27: { 'ORDERS.IN': 12 },
  V28: {},
  V29: failure('rejected', /HTTP 400 \(MQWB0120E\)/),
  V31: { 'ORDERS.IN': 12 },
  V33: failure('unreadable', /have no "parameters"/),
  V34: failure('unreadable', /have no "parameters"/),
  V35: { 'REMOTE.IN': 1 },
  V37: failure('unreadable', /HTTP 404: what answered is not the MQ REST API/),
};

function failure(code: QueueManagerErrorCode, words: RegExp): unknown {
  return [code, expect.stringMatching(words)];
}

const outcomeOf = (reading: QueueManagerReading): unknown =>
  reading.kind === 'failed'
    ? [reading.code, reading.message]
    : Object.fromEntries([...reading.queues.values()].map(({ queue, depth }) => [queue, depth]));

const ALL = { names: new Set(['*']), oldestMessageAge: true, openInputCount: true };

describe('the client, over what queue managers answer', () => {
  let answer: Vector['response'];
  const server = createServer((_, response) => {
    response.writeHead(answer.status, answer.headers);
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  const http = createHttpClient();
  let baseUrl = '';
  /** A client of a server that answers everything with one vector. */
  const read = (id: string, more: Partial<QueueManagerSettings> = {}): Promise<QueueManagerReading> => {
    answer = vector(id).response;
    const entry: QueueManagerSettings = {
      qmgr: 'QM1',
      baseUrls: [baseUrl],
      api: vector(id).request.path.includes('/mqsc') ? 'mqsc' : 'v1',
      login: { kind: 'basic', user: 'mqreader', password: secret('mqreader') },
      gateway: undefined,
      trust: { allowSelfSigned: false, ca: undefined, certificate: undefined },
      ...more,
    };
    const depths = createMqRestQueueDepths({
      queueManagers: [entry],
      http: () => http,
      timeoutMs: 5_000,
      random: systemRandomness,
    });
    return depths.read('QM1', ALL, new AbortController().signal);
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address !== null && typeof address === 'object') baseUrl = `http://127.0.0.1:${address.port}`;
  });
  afterAll(async () => {
    http.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is held to every vector that there is', () => {
    expect(VECTORS.length).toBe(31);
    expect(Object.keys(READINGS)).toEqual(VECTORS.map(({ id }) => id));
  });

  it.each(VECTORS.map(({ id, title }) => [id, title]))('reads %s (%s)', async (id) => {
    expect(outcomeOf(await read(id))).toEqual(READINGS[id]);
  });

  it('says which queues a partial answer lacks, and takes the age from V26', async () => {
    const [partial, aged] = [await read('V31'), await read('V26')];
    expect(partial).toMatchObject({ warnings: [expect.stringContaining('AMQ8149S')] });
    expect(aged.kind === 'read' && aged.queues.get('ORDERS.IN')).toMatchObject({
      oldestMessageAgeMs: 31_000,
      openInputCount: 0,
    });
  });

  it('takes the cookie of V18 for a login', async () => {
    const login = { kind: 'ltpa', user: 'mqadmin', password: secret('passw0rd') } as const;
    // The same answer to what follows is no list of queues: but we came as far as that.
    expect(outcomeOf(await read('V18', { login }))).toEqual(failure('unreadable', /HTTP 204/));
    expect(outcomeOf(await read('V14', { login }))).toEqual(failure('rejected', /HTTP 401/));
  });
});

/** The queues that a queue manager must have to answer as in a vector. */
const QUEUES: Readonly<Record<string, Readonly<Record<string, number | QueueDefinition>>>> = {
  V01: {
    localQueue: 0,
    remoteQueue: { type: 'remote', remoteQueue: 'queueOnQM1', remoteQueueManager: 'QM1' },
    aliasQueue: { type: 'alias', targetName: 'localQueue' },
    modelQueue: { type: 'model', dynamicType: 'permanentDynamic' },
    permanentDynamicQueue: { dynamicType: 'permanentDynamic' },
  },
  V02: {
    'DEV.ALIAS': { type: 'alias', targetName: 'DEV.QUEUE.1' },
    'DEV.QUEUE.1': 3,
    'DEV.QUEUE.2': 0,
    'DYN.5F3A': { depth: 2, dynamicType: 'permanentDynamic' },
    'PAYSYSTEM.IN': 7,
    'SYSTEM.AUTH.DATA.QUEUE': 94,
    'SYSTEM.DEFAULT.MODEL.QUEUE': { type: 'model', dynamicType: 'temporaryDynamic' },
  },
  V03: { 'DEV.QUEUE.1': 3, 'DEV.QUEUE.2': 0, 'DEV.ALIAS': { type: 'alias' } },
  V07: { 'DEV.QUEUE.1': 3, 'DEV.QUEUE.2': 0, 'DEV.QUEUE.3': 0, 'DEV.DEAD.LETTER.QUEUE': 1 },
  V09: { 'DEV.QUEUE.1': 0, 'DEV.ALIAS': { type: 'alias' } },
  V10: {},
  V11: {},
  V14: {},
  V15: {},
  V37: {},
};

describe('the simulator, asked as queue managers are', () => {
  let simulator: MqSimulator;
  beforeAll(async () => {
    simulator = await startMqSimulator();
  });
  afterAll(() => simulator.close());

  it.each(Object.keys(QUEUES))('answers %s as it is there', async (id) => {
    const { request, response } = vector(id);
    simulator.addQueueManager({ name: 'QM1', preload: false, queues: QUEUES[id] ?? {} });
    const actual = await fetch(`${simulator.restBaseUrl}${request.path}`, { headers: request.headers });
    expect(actual.status).toBe(response.status);
    expect(actual.headers.get('content-type')).toContain(response.headers['Content-Type']);
    expect(comparable(await actual.text())).toEqual(comparable(response.body));
  });
});

/** A body to compare: queues in the order of their names, and no words that the vectors made up. */
function comparable(body: unknown): unknown {
  if (typeof body === 'string') return body.startsWith('{') ? comparable(JSON.parse(body)) : body;
  const { queue, error } = body as { queue?: { name: string }[]; error?: Record<string, unknown>[] };
  if (queue !== undefined) return queue.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return error?.map(({ action, explanation, ...rest }) =>
    action === 'constructed' || rest['msgId'] === 'MQWB0104E' ? rest : { ...rest, action, explanation },
  );
}
