import { describe, expect, it } from 'vitest';
import { aReading, notifyDeps, scriptedChannel, settableDepths } from '../../test/support/test-cycles.ts';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import { encodeReadings } from '../../lib/cycle/fan-out/encoded-readings.ts';
import { encodeRangeRequest } from '../../lib/cycle/fan-out/range-wire.ts';
import type { HttpCall } from '../../lib/platform/function-call/http-call.ts';
import { shardOf } from '../../lib/store/keys.ts';
import { rangesOf } from '../../lib/store/ranges.ts';
import { createNotifyHandler } from './handler.ts';

const callOf = (path: string, body: string): HttpCall => ({
  ...{ method: 'POST', path, query: new URLSearchParams(), rawQuery: '', headers: {} },
  body: Buffer.from(body),
});

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
        isOwnRequest: () => false,
      });
    const call = callOf('/', '');
    expect(await handlerWith('the guard does not hold')(call)).toMatchObject({
      body: {
        cycle: 'notify',
        outcome: 'failed',
        problems: [expect.stringContaining('the guard does not hold')],
      },
    });
    expect(channel.woken).toHaveLength(0);
    expect(queues.asked).toHaveLength(0);
    await handlerWith(undefined)(call);
    expect(channel.woken).toHaveLength(1);
  });

  it('does not try the guard while nobody is registered', async () => {
    let tries = 0;
    const egressProblem = async (): Promise<undefined> => {
      tries += 1;
    };
    const store = testStore();
    const handler = createNotifyHandler({
      ...notifyDeps(store, { queues: settableDepths(), channel: scriptedChannel() }),
      errors: { handle: () => 'end-cycle' },
      ...{ mode: 'all', egressProblem, isOwnRequest: () => false },
    });
    expect(await handler(callOf('/', ''))).toMatchObject({ body: { outcome: 'completed' } });
    expect(tries).toBe(0);
    await store.registrations.put(aDraft());
    await handler(callOf('/', ''));
    expect(tries).toBe(1);
  });

  it('serves a signed range where it runs no cycles, and nothing that is not signed', async () => {
    const store = testStore();
    await store.registrations.put(aDraft());
    const [queues, channel] = [settableDepths(), scriptedChannel()];
    const handlerFor = (isOwn: boolean, problem?: string) =>
      createNotifyHandler({
        ...notifyDeps(store, { queues, channel }),
        errors: { handle: () => 'end-cycle' },
        mode: 'reservations',
        egressProblem: async () => problem,
        isOwnRequest: () => isOwn,
      });
    const shard = shardOf(aDraft().id);
    const range = rangesOf(16).find(({ shards }) => shards.includes(shard));
    if (range === undefined) throw new Error('every shard has a range');
    await store.passedDepths.write(0, {
      ...{ cycle: 'c', last: true },
      readings: encodeReadings(new Map([['QM1', aReading({ 'DEV.QUEUE.1': 1 })]])),
    });
    const cycle = await store.leases.take('notify', 60_000);
    if (cycle.kind !== 'taken') throw new Error('nobody else is there');
    const { fence } = cycle.lease;
    const request = { cycle: 'c', fence, fenceBefore: 0, range, sharedBy: 16, budgetMs: 60_000 } as const;
    const call = callOf('/range', encodeRangeRequest(request));
    expect(await handlerFor(false)(call)).toMatchObject({ problem: { code: 'forbidden' } });
    expect(await handlerFor(true)(callOf('/', ''))).toMatchObject({ body: { outcome: 'skipped' } });
    expect(await handlerFor(true)(callOf('/range', '{}'))).toMatchObject({
      problem: { code: 'invalid-request' },
    });
    expect(await handlerFor(true, 'the guard does not hold')(call)).toMatchObject({
      body: { range: range.label, outcome: 'failed' },
    });
    expect(channel.woken).toHaveLength(0);
    expect(await handlerFor(true)(call)).toMatchObject({
      body: { range: range.label, outcome: 'completed' },
    });
    expect(channel.woken).toHaveLength(1);
  });
});
