import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { scheduled } from '../support/scheduled-object-store.ts';

const WRITERS = 3;

type Increment = (store: ObjectStore) => Promise<void>;

const read = async (store: ObjectStore) => {
  const found = await store.get('n');
  return found.kind === 'found'
    ? { count: Number(Buffer.from(found.body)), condition: { ifMatch: found.etag } as const }
    : { count: 0, condition: { ifNoneMatch: '*' } as const };
};

/** Reads, adds one, writes: right only while nobody else does. */
const careless: Increment = async (store) => {
  const { count } = await read(store);
  await store.put('n', String(count + 1));
};

const careful: Increment = async (store) => {
  for (;;) {
    const { count, condition } = await read(store);
    if ((await store.put('n', String(count + 1), condition)).kind === 'written') return;
  }
};

/** Whether racing writers lose nothing, in whatever order their calls take effect and are answered. */
const losesNothing = (increment: Increment) =>
  fc.asyncProperty(fc.scheduler(), async (s) => {
    const memory = createMemoryObjectStore();
    const store = scheduled(memory, s);
    await s.waitFor(Promise.all(Array.from({ length: WRITERS }, () => increment(store))));
    return (await read(memory)).count === WRITERS;
  });

describe('a scheduled object store', { timeout: 30_000 }, () => {
  it('finds the order in which careless writers lose an update', async () => {
    expect((await fc.check(losesNothing(careless), { seed: 1 })).failed).toBe(true);
  });

  it('finds no such order for compare-and-set', async () => {
    expect((await fc.check(losesNothing(careful), { seed: 1 })).failed).toBe(false);
  });

  it('hands on failures, and answers after the effect', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const broken = {
          ...createMemoryObjectStore(),
          list: () => Promise.reject(new Error('no list today')),
        };
        const store = scheduled(broken, s);
        await expect(s.waitFor(store.list(''))).rejects.toThrow('no list today');
        await s.waitFor(store.put('k', 'x'));
        await s.waitFor(store.delete(['k']));
        expect(await s.waitFor(store.get('k'))).toEqual({ kind: 'not-found' });
      }),
      { numRuns: 5 },
    );
  });
});
