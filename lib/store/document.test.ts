import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { ObjectStoreError, type ObjectStore } from '../object-store/object-store.ts';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createDocument } from './document.ts';
import { DamagedObjectError, type StoreContext } from './store-context.ts';

interface Counter {
  readonly count: number;
}

const KIND = {
  key: 'counter.json',
  empty: { count: 0 },
  parse: (json: unknown): Counter | undefined =>
    typeof json === 'object' && json !== null && 'count' in json && typeof json.count === 'number'
      ? { count: json.count }
      : undefined,
};

function contextOver(objects: ObjectStore, seed = 1): StoreContext {
  return { objects, clock: createVirtualClock(), random: seededRandomness(seed), patienceMs: 5_000 };
}

const one = ({ count }: Counter): Counter => ({ count: count + 1 });

describe('a document under compare-and-set', () => {
  it('starts empty and keeps what is written', async () => {
    const objects = createMemoryObjectStore();
    const document = createDocument(contextOver(objects), KIND);
    expect(await document.read()).toEqual({ count: 0 });
    await document.update(one);
    expect(await createDocument(contextOver(objects), KIND).read()).toEqual({ count: 1 });
  });

  it('writes nothing when the change returns its argument', async () => {
    const objects = createMemoryObjectStore();
    await createDocument(contextOver(objects), KIND).update((value) => value);
    expect(await objects.get(KIND.key)).toEqual({ kind: 'not-found' });
  });

  it('applies a change again when another writer was first, and loses neither', async () => {
    const objects = createMemoryObjectStore();
    const [a, b] = [
      createDocument(contextOver(objects, 1), KIND),
      createDocument(contextOver(objects, 2), KIND),
    ];
    await Promise.all([a.read(), b.read()]);
    await Promise.all([a.update(one), b.update(one), a.update(one), b.update(one)]);
    expect(await a.read()).toEqual({ count: 4 });
  });

  it('recognises its own write after the answer was lost', async () => {
    const objects = createMemoryObjectStore();
    let lost = 0;
    const losing: ObjectStore = {
      ...objects,
      put: async (...args) => {
        await objects.put(...args);
        lost += 1;
        if (lost === 1)
          throw new ObjectStoreError('unavailable', 'the answer was lost', { writeMayHaveLanded: true });
        return objects.put(...args);
      },
    };
    await createDocument(contextOver(losing), KIND).update(one);
    expect(await createDocument(contextOver(objects), KIND).read()).toEqual({ count: 1 });
    expect(lost).toBe(1);
  });

  it('repeats a write that did not land', async () => {
    const objects = createMemoryObjectStore();
    let calls = 0;
    const failing: ObjectStore = {
      ...objects,
      put: async (...args) => {
        calls += 1;
        if (calls < 3) throw new ObjectStoreError('throttled', 'slow down');
        return objects.put(...args);
      },
    };
    await createDocument(contextOver(failing), KIND).update(one);
    expect(await createDocument(contextOver(objects), KIND).read()).toEqual({ count: 1 });
  });

  it('gives up when its patience ends, with the reason', async () => {
    const objects: ObjectStore = {
      ...createMemoryObjectStore(),
      put: async () => {
        throw new ObjectStoreError('unavailable', 'no answer');
      },
    };
    await expect(createDocument(contextOver(objects), KIND).update(one)).rejects.toThrow('no answer');
  });

  it('does not repeat what cannot succeed', async () => {
    let calls = 0;
    const objects: ObjectStore = {
      ...createMemoryObjectStore(),
      put: async () => {
        calls += 1;
        throw new ObjectStoreError('denied', 'no right to write');
      },
    };
    await expect(createDocument(contextOver(objects), KIND).update(one)).rejects.toThrow('no right to write');
    expect(calls).toBe(1);
  });

  it.each(['', '{"count":', '[]', '{"count":"1"}'])(
    'never overwrites what it cannot understand: %j',
    async (body) => {
      const objects = createMemoryObjectStore();
      await objects.put(KIND.key, body);
      await expect(createDocument(contextOver(objects), KIND).update(one)).rejects.toBeInstanceOf(
        DamagedObjectError,
      );
      const kept = await objects.get(KIND.key);
      expect(kept.kind === 'found' && Buffer.from(kept.body).toString()).toBe(body);
    },
  );

  it('reads no body when a listing shows the version it has', async () => {
    const objects = createMemoryObjectStore();
    let gets = 0;
    const counting: ObjectStore = {
      ...objects,
      get: (...args) => {
        gets += 1;
        return objects.get(...args);
      },
    };
    const document = createDocument(contextOver(counting), KIND);
    await document.update(one);
    const [listed] = (await objects.list('')).objects;
    gets = 0;
    expect(await document.readVersion(listed?.etag)).toEqual({ count: 1 });
    expect(gets).toBe(0);
  });

  it('answers a reader the version it asked about, although a writer beside it lost a race meanwhile', async () => {
    const objects = createMemoryObjectStore();
    let hold: Promise<void> | undefined;
    let release = (): void => undefined;
    const holding: ObjectStore = {
      ...objects,
      get: async (...args) => {
        const result = await objects.get(...args);
        if (result.kind === 'not-modified') await hold;
        return result;
      },
    };
    const context = contextOver(holding);
    const document = createDocument(
      { ...context, clock: { ...context.clock, sleep: async () => release() } },
      KIND,
    );
    await document.update(one);
    hold = new Promise((resolve) => (release = resolve));
    const reading = document.read();
    await new Promise((resolve) => setImmediate(resolve));
    await createDocument(contextOver(objects, 2), KIND).update(one);
    await document.update(one);
    expect(await reading).toEqual({ count: 1 });
    expect(await document.read()).toEqual({ count: 3 });
  });
});
