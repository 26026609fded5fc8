import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { askRest, display, messageIds } from '../testing/rest-caller.ts';

let simulator: MqSimulator;
beforeAll(async () => {
  simulator = await startMqSimulator({
    versionLevel: '9.1.5.0',
    queueManagers: [
      { name: 'V904', versionLevel: '9.0.4.0' },
      { name: 'V915', versionLevel: '9.1.5.0' },
      { name: 'V94', versionLevel: '9.4.0.0' },
      { name: 'BARE', replyQueue: false },
      { name: 'STANDBY', state: 'standby' },
    ],
  });
});
afterAll(() => simulator.close());

describe('what there is', () => {
  const body = { type: 'runCommandJSON', command: 'display', qualifier: 'qmgr' };
  const text = { type: 'runCommand', parameters: { command: 'DISPLAY QMGR CMDLEVEL' } };

  it.each([
    ['V904', 1, text, 200],
    ['V904', 1, body, 400],
    ['V904', 2, text, 404],
    ['V915', 2, body, 200],
    ['V915', 3, body, 404],
    ['V94', 3, body, 200],
  ])(
    'on %s in version %i of the API depends on the version of MQ',
    async (qmgr, version, command, status) => {
      const path = `/v${version}/admin/action/qmgr/${qmgr}/mqsc`;
      expect((await askRest(simulator, path, { method: 'POST', body: command })).status).toBe(status);
    },
  );

  it('without a queue manager depends on the version of the web server', async () => {
    expect((await askRest(simulator, '/v2/admin/installation')).value).toEqual({
      installation: [{ name: 'Installation1', version: '9.1.5.0' }],
    });
    expect((await askRest(simulator, '/v3/admin/installation')).status).toBe(404);
  });

  it('lists queue managers with their states, and shows one', async () => {
    const { value } = await askRest(simulator, '/v1/admin/qmgr');
    expect(value).toMatchObject({
      qmgr: [{ name: 'V904', state: 'running' }, {}, {}, {}, { state: 'runningAsStandby' }],
    });
    expect((await askRest(simulator, '/v3/admin/qmgr/V94?status=*')).value).toMatchObject({
      qmgr: [{ name: 'V94', status: { connectionCount: 21 } }],
    });
    expect(messageIds(await askRest(simulator, '/v1/admin/qmgr/v94'))).toEqual(['MQWB0009E']);
    expect((await askRest(simulator, '/v1/admin/qmgr?name=x')).status).toBe(400);
  });

  it('for commands needs the reply queue', async () => {
    expect(messageIds(await display(simulator, 'BARE', { qualifier: 'qmgr' }))).toEqual(['MQWB0111E']);
  });

  it('takes POST for commands only', async () => {
    expect((await askRest(simulator, '/v1/admin/action/qmgr/V94/mqsc')).status).toBe(405);
    expect((await askRest(simulator, '/v1/admin/qmgr/V94', { method: 'DELETE' })).status).toBe(405);
  });
});
