import { describe, expect, it } from 'vitest';
import { notifyDeps, scriptedChannel, settableDepths } from '../../test/support/test-cycles.ts';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import { createNotifyHandler } from './handler.ts';

describe('the notify function', () => {
  it('dials nobody from a runtime in which the guard does not hold, and says so', async () => {
    const store = testStore();
    await store.registrations.put(aDraft());
    const [queues, channel] = [settableDepths(), scriptedChannel()];
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const handlerWith = (problem: string | undefined) =>
      createNotifyHandler({
        ...notifyDeps(store, { queues, channel }),
        errors: { handle: () => 'end-cycle' },
        mode: 'all',
        egressProblem: async () => problem,
      });
    const call = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      rawQuery: '',
      headers: {},
      body: Buffer.alloc(0),
    };
    expect(await handlerWith('the guard does not hold')(call)).toMatchObject({
      body: { cycle: 'notify', outcome: 'failed', problems: ['the guard does not hold'] },
    });
    expect(channel.woken).toHaveLength(0);
    await handlerWith(undefined)(call);
    expect(channel.woken).toHaveLength(1);
  });
});
