import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';

const SIGNED_IN = { authorization: `Basic ${btoa('mqreader:mqreader')}` };
const ROOT = '/ibmmq/rest/v1/admin/qmgr';

let simulator: MqSimulator;
beforeAll(async () => {
  simulator = await startMqSimulator({
    users: [
      { name: 'mqreader', password: 'mqreader' },
      { name: 'nobody', password: 'nobody', role: 'none' },
    ],
    queueManagers: [
      {
        name: 'QM1',
        queues: { 'DEV.QUEUE.1': 3, 'ORDERS.IN': { depth: 12, maximumDepth: 20, description: 'in' } },
      },
      { name: 'QM.2/B', preload: false, queues: { ONLY: 1 } },
      { name: 'ENDED', state: 'ended' },
      { name: 'STANDBY', state: 'standby' },
    ],
  });
});
afterAll(() => simulator.close());

async function call(target: string, init: RequestInit = { headers: SIGNED_IN }) {
  const response = await fetch(`${simulator.restBaseUrl}${target}`, { ...init, redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

interface Shown {
  readonly name: string;
  readonly type: string;
  readonly status?: { readonly currentDepth?: number };
}

async function queues(query: string, qmgr = 'QM1'): Promise<readonly Shown[]> {
  const { status, text } = await call(`${ROOT}/${qmgr}/queue${query}`);
  expect(status).toBe(200);
  return (JSON.parse(text) as { queue: Shown[] }).queue;
}

const errorOf = (text: string): unknown => (JSON.parse(text) as { error: unknown[] }).error[0];

describe('the collection of queues', () => {
  it('has every type, with what its type brings, and no status unless asked', async () => {
    const all = await queues('');
    const named = (name: string) => all.find((queue) => queue.name === name);
    expect(named('DEV.QUEUE.1')).toEqual({ name: 'DEV.QUEUE.1', type: 'local' });
    expect(named('DEV.ALIAS')).toEqual({
      name: 'DEV.ALIAS',
      type: 'alias',
      alias: { targetName: 'DEV.QUEUE.1' },
    });
    expect(named('DEV.REMOTE')).toMatchObject({ type: 'remote', remote: { qmgrName: 'QM.ELSEWHERE' } });
    expect(named('SYSTEM.DEFAULT.MODEL.QUEUE')).toMatchObject({
      type: 'model',
      model: { type: 'temporaryDynamic' },
    });
    expect(all.filter((queue) => 'dynamic' in queue)).toHaveLength(1);
    expect(all.filter(({ name }) => name.startsWith('SYSTEM.')).length).toBeGreaterThan(30);
  });

  it('has a depth for local queues only', async () => {
    const all = await queues('?status=status.currentDepth');
    for (const { type, status } of all) expect(status === undefined).toBe(type !== 'local');
    expect(all.find(({ name }) => name === 'SYSTEM.AUTH.DATA.QUEUE')?.status).toEqual({ currentDepth: 94 });
  });

  it.each([
    ['?type=model&name=SYSTEM.D*', ['SYSTEM.DEFAULT.MODEL.QUEUE', 'SYSTEM.DURABLE.MODEL.QUEUE']],
    ['?name=DEV.QUEUE.*', ['DEV.QUEUE.1', 'DEV.QUEUE.2', 'DEV.QUEUE.3']],
    ['?name=ORDERS.IN', ['ORDERS.IN']],
    ['?name=orders.in', []],
    ['?type=cluster', []],
    ['?name=DEV.*&filter=status.currentDepth:greaterThan:0', ['DEV.QUEUE.1']],
    [
      '?name=D*&filter=status.currentDepth:lessThanOrEqualTo:0&type=local',
      ['DEV.DEAD.LETTER.QUEUE', 'DEV.QUEUE.2', 'DEV.QUEUE.3'],
    ],
    ['?filter=storage.maximumDepth:equalTo:20', ['ORDERS.IN']],
    ['?filter=general.description:equalTo:i*', ['ORDERS.IN']],
  ])('answers %s with the queues that match', async (query, names) => {
    expect((await queues(query)).map(({ name }) => name)).toEqual(names);
  });

  it('shows the attributes that were asked for', async () => {
    const query =
      '?name=ORDERS.IN&attributes=storage,general.description&status=status.currentDepth,status.openInputCount';
    expect(await queues(query)).toEqual([
      {
        name: 'ORDERS.IN',
        type: 'local',
        general: { description: 'in' },
        storage: { maximumDepth: 20 },
        status: { currentDepth: 12, openInputCount: 0 },
      },
    ]);
  });

  it.each([
    'type=locals',
    'status=status.depth',
    'status=storage.maximumDepth',
    'attributes=constructor.name',
    'filter=status.currentDepth:greaterThan',
    'filter=status.currentDepth:greaterThan:many',
    'filter=status.currentDepth:above:0',
    'filter=name:equalTo:A',
    'limit=5',
  ])('refuses %s with 400 and names the parameter', async (query) => {
    const { status, text } = await call(`${ROOT}/QM1/queue?${query}`);
    expect(status).toBe(400);
    expect(text).toContain(`'${query.split('=', 1)[0]}'`);
  });

  it('is formatted and labelled as MQ does it', async () => {
    const { text, headers } = await call(`${ROOT}/QM%2E2%2FB/queue?status=status.currentDepth`);
    expect(text).toBe(
      '{"queue": [{\n  "name": "ONLY",\n  "type": "local",\n  "status": {\n    "currentDepth": 1\n  }\n}]}',
    );
    expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate');
    expect(headers.get('content-language')).toBe('en-US');
  });
});

describe('one queue', () => {
  it('is a list of one', async () => {
    expect(await queues('/ORDERS.IN?status=*')).toMatchObject([
      { name: 'ORDERS.IN', status: { currentDepth: 12 } },
    ]);
  });

  it('that does not exist is 404', async () => {
    const { status, text } = await call(`${ROOT}/QM1/queue/missingQueue`);
    expect(status).toBe(404);
    expect(errorOf(text)).toMatchObject({ msgId: 'MQWB0037E', reasonCode: 3312 });
  });
});

describe('what else the web server answers', () => {
  it.each([
    ['no credentials', {}, 401, 'MQWB0104E'],
    ['another scheme', { authorization: 'Bearer x' }, 401, 'MQWB0104E'],
    ['a wrong password', { authorization: `Basic ${btoa('mqreader:wrong')}` }, 401, 'MQWB0105E'],
    ['a user without a role', { authorization: `Basic ${btoa('nobody:nobody')}` }, 403, 'MQWB0108E'],
  ])('refuses %s', async (_, headers, expected, msgId) => {
    const { status, text } = await call(`${ROOT}/QM1/queue`, { headers });
    expect(status).toBe(expected);
    expect(errorOf(text)).toMatchObject({ msgId });
  });

  it.each([
    ['QM9', 404, { msgId: 'MQWB0009E', reasonCode: 2058 }],
    ['qm1', 404, { msgId: 'MQWB0009E' }],
    ['%zz', 404, { msgId: 'MQWB0009E' }],
    ['ENDED', 503, { reasonCode: 2059 }],
    ['STANDBY', 500, { msgId: 'MQWB0004E', reasonCode: 2543 }],
  ])('answers for the queue manager %s with %i', async (qmgr, expected, report) => {
    const { status, text } = await call(`${ROOT}/${qmgr}/queue`);
    expect(status).toBe(expected);
    expect(errorOf(text)).toMatchObject(report);
  });

  it('has the resource in version 1 only, and HTML outside the API', async () => {
    expect((await call('/ibmmq/rest/v2/admin/qmgr/QM1/queue')).status).toBe(404);
    const elsewhere = await call('/ibmmq/rset/v1/admin/qmgr', {});
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.headers.get('content-type')).toContain('text/html');
  });

  it('takes GET only, and no long body', async () => {
    const headers = { ...SIGNED_IN, 'ibm-mq-rest-csrf-token': '' };
    expect((await call(`${ROOT}/QM1/queue`, { method: 'POST', headers })).status).toBe(405);
    const body = 'x'.repeat(65 * 1024);
    expect((await call(`${ROOT}/QM1/queue`, { method: 'POST', headers: SIGNED_IN, body })).status).toBe(413);
  });
});

describe('the journal', () => {
  it('keeps what was asked as it came, credentials masked', async () => {
    simulator.clearJournal();
    await call(`${ROOT}/QM%2E2%2FB/queue?type=local`);
    await call('/elsewhere', {});
    const [first, second] = simulator.journal();
    expect(first).toMatchObject({
      method: 'GET',
      target: `${ROOT}/QM%2E2%2FB/queue?type=local`,
      qmgr: 'QM.2/B',
    });
    expect(first?.headers['authorization']).toBe('Basic ***');
    expect(second).toMatchObject({ target: '/elsewhere', qmgr: undefined });
    expect(simulator.journal('QM.2/B')).toHaveLength(1);
  });
});
