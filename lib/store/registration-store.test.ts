import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { ObjectStoreError, type ObjectStore } from '../object-store/object-store.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { runNotifyCycle } from '../cycle/notify-cycle.ts';
import { aCall, notifyDeps, scriptedChannel, settableDepths } from '../../test/support/test-cycles.ts';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import type { Store } from './store.ts';

const FOREVER = Number.POSITIVE_INFINITY;

async function drop(store: Store): Promise<void> {
  const queues = settableDepths();
  queues.set('QM1', { 'DEV.QUEUE.1': 1 });
  const channel = scriptedChannel();
  channel.answerWith(() => ({ kind: 'answered', status: 400 }));
  const failurePolicy = { failuresMax: 1, quarantineMs: 1, dropBad: true };
  await runNotifyCycle(notifyDeps(store, { queues, channel }, { failurePolicy }), aCall());
}

describe('registrations', () => {
  it('that were dropped count as absent for who creates and who imports', async () => {
    const store = testStore();
    const draft = aDraft({ id: 'a' });
    await store.registrations.put(draft);
    await drop(store);
    expect(await store.registrations.put(draft, { ifNoneMatch: '*' })).not.toBe('condition-failed');
    expect(await store.registrations.put(draft, { ifNoneMatch: '*' })).toBe('condition-failed');
    await drop(store);
    expect(await store.registrations.importOne(draft)).toBe('imported');
    expect(await store.registrations.get(draft.id)).toBeDefined();
  });

  it('that are registered again while a flush runs stay', async () => {
    const objects = createMemoryObjectStore();
    const again = aDraft({ id: 'again' });
    let lists = 0;
    const busy: ObjectStore = {
      ...objects,
      list: async (...args) => {
        const page = await objects.list(...args);
        lists += 1;
        // The first listing is what the flush starts from; right after it the owner registers again.
        if (lists === 1) await testStore({ objects }).registrations.put(again);
        return page;
      },
    };
    const seeding = testStore({ objects });
    for (const id of ['again', 'b', 'c']) await seeding.registrations.put(aDraft({ id }));
    expect(await testStore({ objects: busy }).registrations.flush(FOREVER)).toEqual({
      count: 3,
      complete: true,
    });
    expect((await seeding.registrations.readAll()).stored.map(({ record }) => record.id)).toEqual(['again']);
  });

  it('that are registered after a deletion whose answer was lost stay', async () => {
    const objects = createMemoryObjectStore();
    const draft = aDraft({ id: 'a' });
    const owner = testStore({ objects });
    await owner.registrations.put(draft);
    let deletions = 0;
    const losing: ObjectStore = {
      ...objects,
      delete: async (keys) => {
        deletions += 1;
        await objects.delete(keys);
        if (deletions > 1) return;
        await owner.registrations.put(draft);
        throw new ObjectStoreError('unavailable', 'the answer was lost', { writeMayHaveLanded: true });
      },
    };
    await testStore({ objects: losing }).registrations.flush(FOREVER);
    expect(await owner.registrations.get(draft.id)).toBeDefined();
  });

  it('are not all flushed when the time is over, which is said', async () => {
    const store = testStore();
    await store.registrations.put(aDraft());
    expect(await store.registrations.flush(0)).toEqual({ count: 1, complete: false });
    expect((await store.registrations.readAll()).stored).toHaveLength(1);
  });

  it('whose object the store will not give are damaged, and cost nobody else anything', async () => {
    const objects = createMemoryObjectStore();
    const store = testStore({ objects });
    for (const id of ['a', 'b']) await store.registrations.put(aDraft({ id }));
    const refusing: ObjectStore = {
      ...objects,
      get: async (key, options) => {
        if (key.endsWith('/a.json')) throw new ObjectStoreError('refused', 'a folder is in its place');
        return objects.get(key, options);
      },
    };
    const all = await testStore({ objects: refusing }).registrations.readAll();
    expect(all.damaged).toEqual([expect.stringContaining('a.json')]);
    expect(all.stored.map(({ record }) => record.id)).toEqual(['b']);
  });

  it('can be removed when their object is damaged', async () => {
    const objects = createMemoryObjectStore();
    const store = testStore({ objects });
    await store.registrations.put(aDraft({ id: 'a' }));
    const [listed] = (await objects.list('mq-observer/registrations/')).objects;
    await objects.put(listed?.key ?? '', '{');
    await expect(store.registrations.get(asRegistrationId('a'))).rejects.toThrow(
      'register it again, or restore',
    );
    expect(await store.registrations.remove(asRegistrationId('a'))).toBe('damaged');
    expect(await store.registrations.get(asRegistrationId('a'))).toBeUndefined();
  });
});

describe('removing what is registered anew meanwhile', () => {
  it('leaves the newer one, and answers what was there', async () => {
    const store = testStore();
    const id = asRegistrationId('a');
    await store.registrations.put(aDraft({ id, queue: 'OLD' }));
    const removed = await store.registrations.remove(id, async () => {
      await store.registrations.put(aDraft({ id, queue: 'NEW' }));
    });
    expect(removed).toMatchObject({ record: { queue: 'OLD' } });
    expect((await store.registrations.get(id))?.registration.record.queue).toBe('NEW');
  });

  it('removes what is still the same, and what somebody else removed is gone', async () => {
    const store = testStore();
    const id = asRegistrationId('a');
    await store.registrations.put(aDraft({ id }));
    expect(await store.registrations.remove(id, async () => undefined)).toBeDefined();
    expect(await store.registrations.get(id)).toBeUndefined();
    await store.registrations.put(aDraft({ id }));
    const removed = await store.registrations.remove(id, async () => {
      await store.registrations.remove(id);
    });
    expect(removed).toBeDefined();
    expect(await store.registrations.get(id)).toBeUndefined();
  });
});
