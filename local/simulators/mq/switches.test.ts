import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from './mq-simulator.ts';
import { DEFAULT_SWITCHES, SWITCH_SETTINGS, SWITCHES } from './switches.ts';
import { askRest, SIGNED_IN } from './testing/rest-caller.ts';

let simulator: MqSimulator;
beforeAll(async () => {
  simulator = await startMqSimulator({
    switches: { bodyFormat: 'compact' },
    queueManagers: [
      { name: 'QM1', preload: false, queues: { 'A.1.X': 1, 'A.2.Y': { damaged: true } } },
      { name: 'ENDED', state: 'ended' },
      { name: 'STANDBY', state: 'standby' },
    ],
  });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.setSwitches(DEFAULT_SWITCHES));

const QM1 = '/v1/admin/qmgr/QM1/queue';
const FILTER = 'filter=status.currentDepth:greaterThan:0';

describe('a switch', () => {
  it('is listed with each of its values, the default marked', () => {
    expect(SWITCH_SETTINGS.filter(({ isDefault }) => isDefault)).toHaveLength(Object.keys(SWITCHES).length);
    for (const { name, value } of SWITCH_SETTINGS) {
      simulator.setSwitches({ [name]: value });
      expect(simulator.switches()[name]).toBe(value);
    }
  });

  it.each([
    ['damagedInV1', 'fails', QM1, 500],
    ['endedAs', '500', '/v1/admin/qmgr/ENDED/queue', 500],
    ['nameOnOneQueue', 'refused', `${QM1}/A.1.X?name=A*`, 400],
    ['standbyStatus', '503', '/v1/admin/qmgr/STANDBY/queue', 503],
    ['starInMiddle', 'refused', `${QM1}?name=A.*.X`, 400],
    ['statusFilter', 'refused', `${QM1}?${FILTER}`, 400],
    ['statusFilter', 'refusedThroughGateway', `${QM1}?${FILTER}`, 200],
    ['v2v3QueueReply', '405', '/v3/admin/qmgr/QM1/queue', 405],
    ['wrongRootStatus', '302', '/../rset', 302],
    ['apiDocs', 'on', '/../../ibm/api/docs', 200],
  ])('%s=%s changes the answer to %s', async (name, value, target, status) => {
    const before = await askRest(simulator, target);
    simulator.setSwitches({ [name]: value });
    const after = await askRest(simulator, target);
    expect(after.status).toBe(status);
    expect(before.status === status).toBe(value === 'refusedThroughGateway');
  });

  it.each([
    ['bodyFormat', 'compact', QM1, '{"queue":[{"name":"A.1.X","type":"local"}]}'],
    ['starInMiddle', 'generic', `${QM1}?name=A.*.X`, 'A.1.X'],
    ['unknownAs', 'null', `${QM1}?status=status.oldestMessageAge`, '"oldestMessageAge": null'],
    ['unknownQueueCodes', '2085', `${QM1}/NONE`, '"reasonCode": 2085'],
    ['endedAs', '503MQWB0004E', '/v1/admin/qmgr/ENDED/queue', 'MQWB0004E'],
    ['v2v3QueueReply', 'html404', '/v2/admin/qmgr/QM1/queue', '<html>'],
  ])('%s=%s puts other words into the answer to %s', async (name, value, target, words) => {
    expect((await askRest(simulator, target)).text).not.toContain(words);
    simulator.setSwitches({ [name]: value });
    expect((await askRest(simulator, target)).text).toContain(words);
  });

  it('says what an unknown gateway is', async () => {
    simulator.setSwitches({ unknownGatewayStatus: '400' });
    const headers = { ...SIGNED_IN, 'ibm-mq-rest-gateway-qmgr': 'NONE' };
    expect((await askRest(simulator, QM1, { headers })).status).toBe(400);
  });

  it('leaves out what is not known, and what an error has too much', async () => {
    simulator.setSwitches({ unknownAs: 'missing', errorFields: 'few', contentType: 'plain' });
    expect((await askRest(simulator, `${QM1}?status=*`)).text).not.toContain('lastPut');
    const { text, headers } = await askRest(simulator, `${QM1}/NONE`);
    expect(text).not.toContain('explanation');
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('is set over the control API, and refused with what it can be', async () => {
    const put = (body: unknown) =>
      fetch(`${simulator.controlUrl}/_emu/switches`, { method: 'PUT', body: JSON.stringify(body) });
    expect(await (await put({ uncomAs: 'array' })).json()).toMatchObject({
      uncomAs: 'array',
      noMatchAs: 'item2085',
    });
    const refused = await put({ uncomAs: 'x' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      error: 'uncomAs is one of yesNo, number, string, array, missing',
    });
    await expect(startMqSimulator({ switches: { uncomAs: 'x' as 'array' } })).rejects.toThrow('uncomAs');
  });
});
