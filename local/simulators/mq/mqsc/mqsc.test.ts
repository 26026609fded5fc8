import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { DEFAULT_SWITCHES } from '../switches.ts';
import { askRest, display, messageIds } from '../testing/rest-caller.ts';

const PUT_AT_MS = Date.parse('2025-07-01T10:32:30Z');
const NOW_MS = PUT_AT_MS + 31_500;

let simulator: MqSimulator;
beforeAll(async () => {
  const orders = { depth: 10, uncommittedPuts: 2, inputHandles: 1, outputHandles: 1, lastPutAtMs: PUT_AT_MS };
  simulator = await startMqSimulator({
    clock: { nowMs: () => NOW_MS, sleep: () => Promise.resolve() },
    queueManagers: [
      {
        name: 'QM1',
        preload: false,
        monq: 'medium',
        timeZone: 'Europe/Berlin',
        queues: {
          'DEV.QUEUE.1': { depth: 3, monq: 'off' },
          'DEV.QUEUE.2': { inhibitGet: true },
          'ORDERS.IN': { ...orders, oldestPutAtMs: PUT_AT_MS },
          'ORDERS.ALIAS': { type: 'alias', targetName: 'ORDERS.IN' },
        },
      },
    ],
  });
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.setSwitches(DEFAULT_SWITCHES);
  simulator.clearFaults();
});

const qlocal = { qualifier: 'qlocal', name: 'DEV.*', responseParameters: ['CURDEPTH'] };
const WHERE = {
  qualifier: 'qlocal',
  parameters: { WHERE: 'CURDEPTH GT 0' },
  responseParameters: ['curdepth'],
};
const shown = (parameters: unknown): unknown => ({ completionCode: 0, reasonCode: 0, parameters });
const whole = (...commandResponse: unknown[]): object => ({
  commandResponse,
  overallCompletionCode: 0,
  overallReasonCode: 0,
});
const local = (queue: string, curdepth: number): unknown => shown({ queue, type: 'QLOCAL', curdepth });

describe('a display as JSON', () => {
  it('has an item per queue, with keys in lower case', async () => {
    const { status, value } = await display(simulator, 'QM1', qlocal);
    expect(status).toBe(200);
    expect(value).toEqual(whole(local('DEV.QUEUE.1', 3), local('DEV.QUEUE.2', 0)));
  });

  it('takes the keywords in either case, in every version', async () => {
    const body = {
      type: 'runCommandJSON',
      command: 'DISPLAY',
      qualifier: 'QLOCAL',
      name: 'DEV.QUEUE.1',
      responseParameters: ['get'],
    };
    for (const version of ['v1', 'v2', 'v3']) {
      const { value } = await askRest(simulator, `/${version}/admin/action/qmgr/QM1/mqsc`, {
        method: 'POST',
        body,
      });
      expect(value).toEqual(whole(shown({ queue: 'DEV.QUEUE.1', type: 'QLOCAL', get: 'ENABLED' })));
    }
  });

  it('selects with WHERE', async () => {
    const { value } = await display(simulator, 'QM1', WHERE);
    expect(value).toEqual(whole(local('DEV.QUEUE.1', 3), local('ORDERS.IN', 12)));
  });

  it('shows the target of an alias, and everything when asked for all', async () => {
    const alias = { qualifier: 'qalias', name: 'ORDERS.ALIAS', responseParameters: ['target'] };
    expect((await display(simulator, 'QM1', alias)).value).toEqual(
      whole(shown({ queue: 'ORDERS.ALIAS', type: 'QALIAS', target: 'ORDERS.IN' })),
    );
    const all = await display(simulator, 'QM1', {
      qualifier: 'queue',
      name: 'DEV.QUEUE.2',
      responseParameters: ['all'],
    });
    expect(all.value).toMatchObject(
      whole(shown({ get: 'DISABLED', usage: 'NORMAL', deftype: 'PREDEFINED' })),
    );
  });

  it('shows the status, times in the zone of the queue manager', async () => {
    const { value } = await display(simulator, 'QM1', { qualifier: 'qstatus', name: 'ORDERS.IN' });
    const status = {
      curdepth: 12,
      ipprocs: 1,
      uncom: 'YES',
      msgage: 31,
      monq: 'MEDIUM',
      lgetdate: '',
      lgettime: '',
    };
    expect(value).toMatchObject(whole(shown({ ...status, lputdate: '2025-07-01', lputtime: '12.32.30' })));
  });

  it('shows blanks for what is not monitored, and handles as a list', async () => {
    const blank = await display(simulator, 'QM1', {
      qualifier: 'qstatus',
      name: 'DEV.QUEUE.1',
      responseParameters: ['msgage', 'lputdate'],
    });
    expect(blank.value).toEqual(
      whole(shown({ queue: 'DEV.QUEUE.1', type: 'QUEUE', msgage: '', lputdate: '' })),
    );
    const handles = await display(simulator, 'QM1', {
      qualifier: 'qstatus',
      name: 'ORDERS.IN',
      parameters: { type: 'HANDLE' },
    });
    expect(handles.value).toMatchObject(
      whole(shown({ type: 'HANDLE', objects: [{ input: 'SHARED' }, { output: 'YES' }] })),
    );
  });

  it('shows the queue manager', async () => {
    const { value } = await display(simulator, 'QM1', {
      qualifier: 'qmgr',
      responseParameters: ['cmdlevel'],
    });
    expect(value).toEqual(whole(shown({ qmname: 'QM1', cmdlevel: 940 })));
  });
});

describe('a display that fails', () => {
  const failedItem = (reasonCode: number, text: string): unknown => ({
    completionCode: 2,
    reasonCode,
    message: [expect.stringContaining(text)],
  });
  const failure = (...commandResponse: unknown[]): unknown => ({
    commandResponse,
    overallCompletionCode: 2,
    overallReasonCode: 3008,
  });

  it.each([
    [{ qualifier: 'qlocal', name: 'NONE' }, 2085, 'AMQ8147E: IBM MQ object NONE not found.'],
    [{ qualifier: 'qlocal', name: 'ORDERS.ALIAS' }, 2085, 'AMQ8147E'],
    [{ qualifier: 'qremote', name: '*' }, 2085, 'AMQ8147E'],
    [{ qualifier: 'channel', name: '*' }, 3008, 'AMQ8405I'],
    [{ qualifier: 'constructor', name: '*' }, 3008, 'AMQ8405I'],
    [{ command: 'ping', qualifier: 'qmgr' }, 3008, 'AMQ8405I'],
    [{ qualifier: 'qlocal', parameters: { WHERE: 'CURDEPTH ABOVE 0' } }, 3008, 'AMQ8405I'],
    [{ qualifier: 'qlocal', parameters: { WHERE: 'NOPE GT 0' } }, 3008, 'AMQ8405I'],
  ])('says so inside 200: %j', async (command, reasonCode, text) => {
    const { status, value } = await display(simulator, 'QM1', command);
    expect(status).toBe(200);
    expect(value).toEqual(failure(failedItem(reasonCode, text)));
  });

  it('for one queue has the others beside it', async () => {
    simulator.setFault('QM1', 'damaged:DEV.QUEUE.1');
    const { value } = await display(simulator, 'QM1', qlocal);
    expect(value).toEqual(failure(failedItem(2101, 'AMQ8149S'), local('DEV.QUEUE.2', 0)));
  });

  it.each([
    [['maxmsglen'], 'MQWB0120E'],
    [['curdepth', 'constructor'], 'MQWB0120E'],
  ])('for the attributes %j is 400', async (responseParameters, msgId) => {
    const answered = await display(simulator, 'QM1', { ...qlocal, responseParameters });
    expect([answered.status, messageIds(answered)]).toEqual([400, [msgId]]);
    simulator.setSwitches({ attr120As: 'in200' });
    expect((await display(simulator, 'QM1', { ...qlocal, responseParameters })).value).toEqual(
      failure(failedItem(3008, msgId)),
    );
  });

  it.each([
    '{',
    '[]',
    '{}',
    '{"type":"runCommandJSON"}',
    '{"type":"runCommand"}',
    '{"type":"runCommandJSON","command":"display","name":5}',
  ])('for the body %s is 400', async (text) => {
    const response = await fetch(`${simulator.restBaseUrl}/ibmmq/rest/v3/admin/action/qmgr/QM1/mqsc`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('mqreader:mqreader')}`, 'ibm-mq-rest-csrf-token': '' },
      body: text,
    });
    expect(response.status).toBe(400);
  });
});
