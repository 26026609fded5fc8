import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { askRest } from '../testing/rest-caller.ts';

let nowMs = Date.parse('2025-04-08T10:00:00Z');
let simulator: MqSimulator;
beforeAll(async () => {
  simulator = await startMqSimulator({
    clock: { nowMs: () => nowMs, sleep: () => Promise.resolve() },
    queueManagers: [
      {
        name: 'QM1',
        preload: false,
        queues: {
          WATCHED: { monq: 'high', inputHandles: 2, inhibitGet: true },
          UNWATCHED: 1,
          XMIT: { isTransmissionQueue: true },
        },
      },
    ],
  });
});
afterAll(() => simulator.close());

async function queue(name: string, query: string): Promise<unknown> {
  const { value } = await askRest(simulator, `/v1/admin/qmgr/QM1/queue/${name}?${query}`);
  return (value as { queue: readonly unknown[] }).queue[0];
}

describe('what v1 shows of a queue', () => {
  it('is its state as it is', async () => {
    simulator.put('QM1', 'WATCHED', 2);
    simulator.put('QM1', 'WATCHED', 1, { commit: false });
    nowMs += 42_500;
    expect(await queue('WATCHED', 'status=*&attributes=general.inhibitGet')).toMatchObject({
      general: { inhibitGet: true },
      status: {
        currentDepth: 3,
        uncommittedMessages: 1,
        openInputCount: 2,
        oldestMessageAge: 42,
        monitoringRate: 'high',
        lastPut: '2025-04-08T10:00:00.000Z',
        lastGet: '',
      },
    });
    expect(await queue('XMIT', 'attributes=general.isTransmissionQueue')).toMatchObject({
      general: { isTransmissionQueue: true },
    });
  });

  it('is unknown where nobody watches', async () => {
    const attributes = 'status=status.oldestMessageAge,status.lastPut,status.onQueueTime';
    expect(await queue('UNWATCHED', attributes)).toMatchObject({
      status: { oldestMessageAge: -1, lastPut: '', onQueueTime: { shortSamplePeriod: -1 } },
    });
  });

  it('can be filtered by', async () => {
    const target = '/v1/admin/qmgr/QM1/queue?filter=general.inhibitGet:equalTo:true';
    expect((await askRest(simulator, target)).value).toMatchObject({ queue: [{ name: 'WATCHED' }] });
  });
});
