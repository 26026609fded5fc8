import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { ObjectStoreError, type ObjectStore } from '../object-store/object-store.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { aCall, notifyDeps, scriptedChannel, settableDepths } from '../../test/support/test-cycles.ts';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { runNotifyCycle } from './notify-cycle.ts';
import type { NotifyReport } from './report.ts';

const A = asRegistrationId('A');
const TESTS = 'mq-observer/state/tests/';

async function scene({ objects = createMemoryObjectStore() }: { readonly objects?: ObjectStore } = {}) {
  const clock = createVirtualClock();
  const store = testStore({ objects, clock });
  const channel = scriptedChannel();
  const queues = settableDepths();
  queues.set('QM1', {});
  const deps = notifyDeps(
    store,
    { queues, channel },
    { failurePolicy: { failuresMax: 1, quarantineMs: 3_600_000, dropBad: false } },
  );
  await store.registrations.put(aDraft({ id: 'A' }));
  const run = async (stopped = false): Promise<NotifyReport> => {
    const call = aCall();
    const stopping = stopped ? { ...call.stopping, stop: AbortSignal.abort() } : call.stopping;
    const report = await runNotifyCycle(deps, { ...call, stopping });
    if (!('decisions' in report)) throw new Error(`no run: ${report.outcome}`);
    return report;
  };
  const waiting = async (): Promise<number> => (await objects.list(TESTS)).objects.length;
  return { clock, objects, store, channel, queues, run, waiting };
}

describe('a test wake-up', () => {
  it('is one attempt at an empty queue, told in the report, and nothing is learned from it', async () => {
    const { store, channel, run, waiting } = await scene();
    channel.answerWith(() => ({ kind: 'answered', status: 503 }));
    const request = await store.testRequests.ask(A);
    const report = await run();
    expect(report.tests).toEqual([
      { id: 'A', request, reason: 'failed', depth: 0, attempts: 1, detail: expect.any(String) as string },
    ]);
    expect(report).toMatchObject({
      outcome: 'completed',
      notifications: { due: 0, attempts: 0 },
      decisions: [{ id: 'A', reason: 'depth_below' }],
    });
    expect(channel.woken).toMatchObject([{ id: request, depth: 0, test: request }]);
    expect(await store.state.readOne(A)).toBeUndefined();
    expect(await waiting()).toBe(0);
    expect(await run()).not.toHaveProperty('tests');
    expect(channel.woken).toHaveLength(1);
  });

  it('reaches who is in quarantine, and leaves it there', async () => {
    const { store, channel, queues, run } = await scene();
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 404 }));
    await run();
    channel.answerWith(() => ({ kind: 'answered', status: 204 }));
    await store.testRequests.ask(A);
    expect(await run()).toMatchObject({
      tests: [{ reason: 'woken' }],
      decisions: [{ id: 'A', reason: 'quarantined' }],
    });
  });

  it('asked for twice before it is served is one', async () => {
    const { store, channel, run } = await scene();
    const requests = await Promise.all([store.testRequests.ask(A), store.testRequests.ask(A)]);
    expect(new Set(requests).size).toBe(1);
    await run();
    expect(channel.woken).toHaveLength(1);
  });

  it('for which no time was left is sent by the next run', async () => {
    const { store, channel, run, waiting } = await scene();
    await store.testRequests.ask(A);
    expect(await run(true)).not.toHaveProperty('tests');
    expect([channel.woken.length, await waiting()]).toEqual([0, 1]);
    expect(await run()).toMatchObject({ tests: [{ reason: 'woken' }] });
  });

  it('for who was removed meanwhile is taken off the list', async () => {
    const { store, channel, run, waiting } = await scene();
    await store.testRequests.ask(A);
    await store.registrations.remove(A);
    expect(await run()).toMatchObject({ outcome: 'completed' });
    expect([channel.woken.length, await waiting()]).toEqual([0, 0]);
  });

  it('needs no queue manager', async () => {
    const { store, queues, run } = await scene();
    queues.fail('QM1');
    await store.testRequests.ask(A);
    expect(await run()).toMatchObject({ outcome: 'partial', tests: [{ reason: 'woken' }] });
  });

  it('that cannot be understood hinders nobody, and is told', async () => {
    const { store, objects, run } = await scene();
    await store.testRequests.ask(A);
    const [listed] = (await objects.list(TESTS)).objects;
    await objects.put(listed?.key ?? '', 'damage');
    expect(await run()).toMatchObject({
      outcome: 'partial',
      problems: [expect.stringMatching('state/tests/.* is damaged .*: delete the object') as string],
      decisions: [{ id: 'A' }],
    });
    await expect(store.testRequests.ask(A)).rejects.toThrow('is damaged');
  });

  it('that was sent and cannot be taken off the list is told, and sent again', async () => {
    const memory = createMemoryObjectStore();
    let isBroken = true;
    const objects: ObjectStore = {
      ...memory,
      delete: async (keys) => {
        if (isBroken && keys.some((key) => key.startsWith(TESTS)))
          throw new ObjectStoreError('denied', 'no right to delete');
        return memory.delete(keys);
      },
    };
    const { store, channel, run } = await scene({ objects });
    const request = await store.testRequests.ask(A);
    expect(await run()).toMatchObject({
      outcome: 'partial',
      tests: [{ request, reason: 'woken' }],
      problems: [expect.stringContaining('test wake-up') as string],
    });
    isBroken = false;
    expect(await run()).toMatchObject({ outcome: 'completed', tests: [{ request }] });
    expect(channel.woken.map(({ id }) => id)).toEqual([request, request]);
  });
});
