import { expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import { aCall, cycleDeps } from '../../test/support/test-cycles.ts';
import { testStore } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { runPersistCycle } from './persist-cycle.ts';

it('a run whose lease runs out while it fences off the one before gives up, and says so', async () => {
  const clock = createVirtualClock();
  const memory = createMemoryObjectStore();
  const slowToRead: ObjectStore = {
    ...memory,
    get: (key, options) => {
      if (key.startsWith('mq-observer/state/')) clock.advance(10 * 60_000);
      return memory.get(key, options);
    },
  };
  const store = testStore({ objects: slowToRead, clock });
  expect(await store.leases.take('persist', 1_000, undefined)).toMatchObject({ kind: 'taken' });
  clock.advance(60_000);
  expect(await runPersistCycle(cycleDeps(store), aCall())).toMatchObject({
    outcome: 'failed',
    problems: [expect.stringContaining('has run out')],
  });
  expect((await memory.list('mq-observer/state/')).objects).toEqual([]);
});

it('a run tells the same duration in its report and where that is stored', async () => {
  const clock = createVirtualClock();
  const memory = createMemoryObjectStore();
  const slowToWrite: ObjectStore = {
    ...memory,
    put: (key, ...rest) => {
      if (key.includes('report')) clock.advance(2_000);
      return memory.put(key, ...rest);
    },
  };
  const store = testStore({ objects: slowToWrite, clock });
  const { duration_ms } = await runPersistCycle(cycleDeps(store), aCall());
  expect((await store.reports.read('persist')).report).toMatchObject({ duration_ms });
});
