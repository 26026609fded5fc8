import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MqFault } from '../fault.ts';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { askRest, display, type Answered } from '../testing/rest-caller.ts';

const LIST = '/v1/admin/qmgr/QM1/queue?status=status.currentDepth';
const qlocal = { qualifier: 'qlocal', responseParameters: ['curdepth'] };

let simulator: MqSimulator;
beforeAll(async () => {
  simulator = await startMqSimulator({
    hangMs: 5,
    endpoints: 2,
    queueManagers: ['QM1', 'QM2', 'HA'].map((name) => ({
      name,
      preload: false,
      queues: { A: 1, B: 2 },
      ...(name === 'HA' ? { activeOn: 0 } : {}),
    })),
  });
});
afterAll(() => simulator.close());
afterEach(() => {
  simulator.clearFaults();
  simulator.setSwitches({ hangEnds: '500' });
});

const list = (): Promise<Answered> => askRest(simulator, LIST);
const statuses = async (n: number): Promise<readonly number[]> => {
  const seen: number[] = [];
  for (let call = 0; call < n; call += 1) seen.push((await list()).status);
  return seen;
};

describe('a fault of the resource', () => {
  it.each<readonly [MqFault, number, string]>([
    ['status:503', 503, 'The simulator was told'],
    ['status:503:empty', 503, ''],
    ['html:502', 502, '<h1>502</h1>'],
    ['hang', 500, 'The simulator was told'],
    ['slow:1', 200, '"A"'],
    ['slowBody:5', 200, '"A"'],
    ['notjson', 200, 'MQ REST API'],
    ['wrongShape', 200, '['],
    ['qsgPartial', 500, '"success": [{"qmgrName":"MQ21"}]'],
    ['huge:2', 200, 'HUGE.1'],
    ['upperKeys', 200, '"CURRENTDEPTH": 2'],
    ['emptyCommandResponse', 200, '"A"'],
    ['damaged:A', 200, '"B"'],
    ['rate:0', 429, '429'],
  ])('%s', async (fault, status, words) => {
    simulator.setFault('QM1', fault);
    const response = await fetch(`${simulator.restBaseUrl}/ibmmq/rest${LIST}`, {
      headers: { authorization: `Basic ${btoa('mqreader:mqreader')}` },
    });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
  });

  it.each<MqFault>(['reset', 'reset:body'])('%s', async (fault) => {
    simulator.setFault('QM1', fault);
    await expect(list()).rejects.toThrow(/fetch failed|terminated/);
  });

  it('reset:after comes with a whole answer', async () => {
    simulator.setFault('QM1', 'reset:after');
    expect((await list()).status).toBe(200);
  });

  it('truncate is never JSON', async () => {
    simulator.setFault('QM1', 'truncate');
    for (let call = 0; call < 10; call += 1) await expect(list()).rejects.toThrow(SyntaxError);
  });

  it('hang ends as the switch says', async () => {
    simulator.setFault('QM1', 'hang');
    simulator.setSwitches({ hangEnds: '504' });
    expect((await list()).status).toBe(504);
  });
});

describe('a fault of commands', () => {
  it.each<readonly [MqFault, number, unknown]>([
    ['wrongShape:null', 200, { commandResponse: null }],
    ['wrongShape:depthAsText', 200, { commandResponse: [{ parameters: { curdepth: '5' } }] }],
    ['emptyCommandResponse', 200, { commandResponse: [], overallReasonCode: 0 }],
    ['upperKeys', 200, { COMMANDRESPONSE: [{ PARAMETERS: { CURDEPTH: 1 } }, {}] }],
    ['overAllTypo', 200, { overAllReasonCode: 0 }],
    ['attr120:CURDEPTH', 400, { error: [{ msgId: 'MQWB0120E' }] }],
    ['attr120:get', 200, { commandResponse: [{}, {}] }],
    ['huge:3', 200, { commandResponse: [{}, {}, { parameters: { queue: 'HUGE.2', curdepth: 1 } }] }],
  ])('%s', async (fault, status, expected) => {
    simulator.setFault('QM1', fault);
    const { status: actual, value } = await display(simulator, 'QM1', qlocal);
    expect(actual).toBe(status);
    expect(value).toMatchObject(expected as object);
  });

  it.each([
    ['dst', '13.00.00'],
    ['clockSkew:-90', '10.30.00'],
  ] as const)('%s moves the times', async (fault, lputtime) => {
    const lastPutAtMs = Date.parse('2025-01-01T12:00:00Z');
    simulator.addQueue('QM1', 'TIMED', { monq: 'high', lastPutAtMs });
    simulator.setFault('QM1', fault);
    const { value } = await display(simulator, 'QM1', { qualifier: 'qstatus', name: 'TIMED' });
    expect(value).toMatchObject({ commandResponse: [{ parameters: { lputtime } }] });
    simulator.addQueueManager({ name: 'QM1', preload: false, queues: { A: 1, B: 2 } });
  });
});

describe('when a fault comes up', () => {
  it('for n calls', async () => {
    simulator.addFault({ fault: 'status:500', qmgr: 'QM1', calls: 2 });
    expect(await statuses(3)).toEqual([500, 500, 200]);
    expect(simulator.faults()).toEqual({});
    expect(simulator.faultRules()).toHaveLength(1);
  });

  it('on a path, for every queue manager', async () => {
    simulator.addFault({ fault: 'status:500', path: '/mqsc' });
    expect(await statuses(1)).toEqual([200]);
    for (const qmgr of ['QM1', 'QM2']) expect((await display(simulator, qmgr, qlocal)).status).toBe(500);
  });

  it('on a login', async () => {
    simulator.addFault({ fault: 'status:503', path: '/login', calls: 1 });
    const body = { username: 'mqreader', password: 'mqreader' };
    const logIn = () => askRest(simulator, '/v1/login', { method: 'POST', headers: {}, body });
    expect((await logIn()).status).toBe(503);
    expect((await logIn()).status).toBe(204);
  });

  it('by chance, the same for the same seed', async () => {
    const rule = { fault: 'status:500', qmgr: 'QM1', probability: 0.5, seed: 7 } as const;
    simulator.addFault(rule);
    const first = await statuses(20);
    simulator.clearFaults();
    simulator.addFault(rule);
    expect(await statuses(20)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500]));
  });

  it('never, for a rule that cannot be', () => {
    expect(() => simulator.addFault({ fault: 'hang', calls: 0 })).toThrow('calls');
    expect(() => simulator.addFault({ fault: 'hang', probability: 2 })).toThrow('probability');
    expect(() => simulator.addFault({ fault: 'hang', qmgr: 'QM9' })).toThrow('QM9');
  });
});

describe('a standby', () => {
  it('swaps with the active one', async () => {
    const [first = '', second = ''] = simulator.restBaseUrls;
    const both = () =>
      Promise.all(
        [first, second].map(
          async (restBaseUrl) => (await askRest({ restBaseUrl }, '/v1/admin/qmgr/HA/queue')).status,
        ),
      );
    expect(await both()).toEqual([200, 500]);
    simulator.flip('HA');
    expect(await both()).toEqual([500, 200]);
    simulator.addFault({ fault: 'standbyFlip', qmgr: 'HA', calls: 1 });
    expect((await askRest({ restBaseUrl: first }, '/v1/admin/qmgr/HA')).value).toEqual({
      qmgr: [{ name: 'HA', state: 'running' }],
    });
    expect(await both()).toEqual([200, 500]);
  });
});
