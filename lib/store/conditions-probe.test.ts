import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { ObjectStoreError, type ObjectStore, type PutCondition } from '../object-store/object-store.ts';
import { createCountingObjectStore } from '../../test/support/counting-object-store.ts';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { keepingLogger, testSealer } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { ConditionsIgnoredError, probeConditions } from './conditions-probe.ts';
import type { StoreContext } from './store-context.ts';
import { createStore, type Store } from './store.ts';

const contextOf = (objects: ObjectStore): StoreContext => ({
  objects,
  clock: createVirtualClock(),
  random: seededRandomness(1),
  patienceMs: 5_000,
});

/** Memory whose PUT answers through `instead`, which may change or refuse a condition. */
function memoryWith(
  instead: (
    condition: PutCondition | undefined,
    inner: ObjectStore,
    key: string,
  ) => Promise<PutCondition | undefined | 'conflict'>,
): ObjectStore {
  const inner = createMemoryObjectStore();
  return {
    ...inner,
    put: async (key, body, condition) => {
      const changed = await instead(condition, inner, key);
      return changed === 'conflict' ? { kind: 'conflict' } : inner.put(key, body, changed);
    },
  };
}

const failureOf = async (objects: ObjectStore): Promise<unknown> =>
  probeConditions(contextOf(objects)).then(
    () => 'it passed',
    (error: unknown) => error,
  );

describe('the probe of conditions', () => {
  it('passes where they are honoured, leaves nothing, and costs six PUTs', async () => {
    const objects = createCountingObjectStore(createMemoryObjectStore());
    await probeConditions(contextOf(objects));
    expect(objects.takeCounts()).toEqual({
      A: { puts: 6, lists: 0 },
      B: { gets: 0 },
      free: { deletes: 2 },
    });
    expect((await objects.list('')).objects).toEqual([]);
  });

  it.each([
    [
      'are all ignored',
      async () => undefined,
      'it overwrote an object that was to be created only',
      'use it, or another server',
    ],
    [
      'on creating are ignored',
      async (condition: PutCondition | undefined) =>
        condition && 'ifNoneMatch' in condition ? undefined : condition,
      'it overwrote an object that was to be created only',
      'use it, or another server',
    ],
    [
      'on creating are never met',
      async (condition: PutCondition | undefined) =>
        condition && 'ifNoneMatch' in condition ? ('conflict' as const) : condition,
      'it refused to create an object that was not there',
      'use it, or another server',
    ],
    [
      'on versions are ignored',
      async (condition: PutCondition | undefined) =>
        condition && 'ifMatch' in condition ? undefined : condition,
      'it overwrote an object whose version was not the given one',
      'use it, or another server',
    ],
    [
      'on versions are never met',
      async (condition: PutCondition | undefined) =>
        condition && 'ifMatch' in condition ? ('conflict' as const) : condition,
      'it refused to overwrite an object whose version was the given one',
      'Set COS_ETAG_QUOTES',
    ],
    [
      'on versions are ignored where nothing is',
      async (condition: PutCondition | undefined, inner: ObjectStore, key: string) =>
        (await inner.get(key)).kind === 'not-found' ? undefined : condition,
      'it wrote an object that was to be overwritten and was not there',
      'use it, or another server',
    ],
  ] as const)(
    'refuses a store where conditions %s, says so and says what to do',
    async (_, instead, what, advice) => {
      const objects = memoryWith(instead);
      const error = await failureOf(objects);
      expect(error).toBeInstanceOf(ConditionsIgnoredError);
      expect(error).toMatchObject({ message: expect.stringContaining(what) });
      expect(error).toMatchObject({ message: expect.stringContaining(advice) });
      expect((await objects.list('')).objects).toEqual([]);
    },
  );

  it('refuses a store that knows no conditions and says so', async () => {
    const objects = memoryWith(async (condition) => {
      if (condition !== undefined) throw new ObjectStoreError('refused', 'put k: the server answered 501');
      return condition;
    });
    const error = await failureOf(objects);
    expect(error).toBeInstanceOf(ConditionsIgnoredError);
    expect(error).toMatchObject({ message: expect.stringContaining('the server answered 501') });
  });

  it('proves nothing where the store cannot be used, and is not held up by cleaning up', async () => {
    const away = (): Promise<never> => Promise.reject(new ObjectStoreError('unavailable', 'away'));
    const objects = { get: away, put: away, delete: away, list: away };
    const context = contextOf(objects);
    const startMs = context.clock.nowMs();
    await expect(probeConditions(context)).rejects.toMatchObject({ code: 'unavailable' });
    expect(context.clock.nowMs() - startMs).toBeLessThan(2 * context.patienceMs);
  });

  it('sees through answers that were lost', async () => {
    const inner = createMemoryObjectStore();
    let puts = 0;
    const losing: ObjectStore = {
      ...inner,
      put: async (...args) => {
        const result = await inner.put(...args);
        puts += 1;
        if (puts % 2 === 1) throw new ObjectStoreError('unavailable', 'lost', { writeMayHaveLanded: true });
        return result;
      },
    };
    await probeConditions(contextOf(losing));
    expect((await inner.list('')).objects).toEqual([]);
  });
});

/** An instance of the store; without a mark it needs no proof. */
function instance(objects: ObjectStore, storeMark?: string): Store {
  const clock = createVirtualClock();
  return createStore({
    objects,
    prefix: 'mq-observer/',
    originalKey: undefined,
    seedData: '{"mq_requests":[]}',
    ...(storeMark === undefined ? {} : { storeMark }),
    sealer: testSealer,
    clock,
    random: seededRandomness(1),
    log: keepingLogger(clock).log,
    patienceMs: 5_000,
  });
}

describe('the first use of a store that must prove itself', () => {
  const PROOF = 6;
  const putsOf = async (
    objects: ReturnType<typeof createCountingObjectStore>,
    storeMark?: string,
  ): Promise<number> => {
    objects.takeCounts();
    const store = instance(objects, storeMark);
    await store.merge.ready();
    await store.merge.ready();
    return objects.takeCounts().A.puts;
  };

  it('proves it once for each mark; instances that come later add no request', async () => {
    const objects = createCountingObjectStore(createMemoryObjectStore());
    const settled = await putsOf(objects);
    expect(settled).toBeGreaterThan(0);
    expect(await putsOf(objects)).toBe(0);
    expect(await putsOf(objects, 'endpoint bucket keep')).toBe(PROOF + 1);
    expect(await putsOf(objects, 'endpoint bucket keep')).toBe(0);
    expect(await putsOf(objects, 'endpoint bucket strip')).toBe(PROOF + 1);
    expect(await putsOf(objects, 'endpoint bucket keep')).toBe(0);
  });

  it('is refused each time where conditions are ignored, and nothing else is written', async () => {
    const objects = memoryWith(async () => undefined);
    const store = instance(objects, 'mark');
    for (let call = 0; call < 2; call++)
      await expect(store.merge.ready()).rejects.toBeInstanceOf(ConditionsIgnoredError);
    expect((await objects.list('')).objects).toEqual([]);
  });
});
