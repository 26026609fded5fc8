import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { statusOf } from '../registration/state.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import { StoreFormatError } from './meta.ts';

const ENTRY = { id: 'seed', qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: 'ce-mq-consumer' };
const SEEDS = JSON.stringify({ mq_requests: [ENTRY] });

const idsIn = async (store: ReturnType<typeof testStore>): Promise<string[]> =>
  (await store.registrations.readAll()).stored.map(({ record }) => record.id).toSorted();

describe('coming from the original', () => {
  it('takes in its document at first use, with failures and quarantines, keys in any case', async () => {
    const objects = createMemoryObjectStore();
    await objects.put(
      'storeddata',
      JSON.stringify({
        MQ_Requests: [
          {
            ...ENTRY,
            id: 'a',
            failcount: 3,
            backoff: '0001-01-01T00:00:00Z',
            last_updated: '2025-01-02T03:04:05.123456789Z',
          },
          {
            ID: 'b',
            QMGR: 'QM1',
            Queue: 'Q',
            NOTIFY: 'https://a.example/',
            failcount: 10,
            Backoff: '2026-06-01T00:00:00+02:00',
          },
        ],
        last_updated: '2025-01-02T03:04:05Z',
      }),
    );
    const store = testStore({ objects });
    await store.merge.ready();
    const a = (await store.registrations.get(asRegistrationId('a')))?.registration;
    expect(a?.state).toMatchObject({ failures: 3 });
    expect(a?.record.lastUpdatedMs).toBe(Date.parse('2025-01-02T03:04:05.123Z'));
    const b = (await store.registrations.get(asRegistrationId('b')))?.registration;
    expect(b && statusOf(b)).toBe('quarantined');
    expect(b?.state.quarantinedUntilMs).toBe(Date.parse('2026-05-31T22:00:00Z'));
  });

  it.each([
    '{"mq_requests":null,"last_updated":"2025-01-01T00:00:00Z"}',
    '{"mq_requests":[]}',
    'not json',
    '',
  ])('starts empty from %j', async (document) => {
    const objects = createMemoryObjectStore();
    await objects.put('storeddata', document);
    const store = testStore({ objects });
    await store.merge.ready();
    expect(await idsIn(store)).toEqual([]);
  });

  it('merges seeds beside what is stored already, and erases nothing', async () => {
    const objects = createMemoryObjectStore();
    await objects.put('storeddata', JSON.stringify({ mq_requests: [{ ...ENTRY, id: 'stored' }] }));
    const store = testStore({ objects, seedData: SEEDS });
    await store.merge.ready();
    await store.registrations.put(aDraft({ id: 'later' }));
    expect(await idsIn(store)).toEqual(['later', 'seed', 'stored']);
  });

  it('merges each content of the seeds once: what was unregistered stays away', async () => {
    const objects = createMemoryObjectStore();
    const first = testStore({ objects, seedData: SEEDS });
    await first.merge.ready();
    await first.registrations.remove(asRegistrationId('seed'));
    const second = testStore({ objects, seedData: SEEDS, random: seededRandomness(2) });
    await second.merge.ready();
    expect(await idsIn(second)).toEqual([]);
    const other = JSON.stringify({ mq_requests: [{ ...ENTRY, id: 'new' }] });
    const third = testStore({ objects, seedData: other, random: seededRandomness(3) });
    await third.merge.ready();
    expect(await idsIn(third)).toEqual(['new']);
  });

  it('gives entries without an id the natural one, and lets the owner keep what is stored', async () => {
    const objects = createMemoryObjectStore();
    const { id: _, ...withoutId } = ENTRY;
    const store = testStore({ objects, seedData: JSON.stringify({ mq_requests: [withoutId, withoutId] }) });
    await store.merge.ready();
    expect(await idsIn(store)).toEqual([aDraft({ queue: ENTRY.queue, notify: ENTRY.notify }).id]);
  });

  it('takes what is usable of a document and leaves out the rest', async () => {
    const bad = [
      null,
      7,
      {},
      { ...ENTRY, queue: '' },
      { ...ENTRY, failcount: 'x' },
      { ...ENTRY, backoff: 'soon' },
    ];
    const objects = createMemoryObjectStore();
    const seedData = JSON.stringify({ mq_requests: [...bad, ENTRY] });
    const store = testStore({ objects, seedData });
    await store.merge.ready();
    expect(await idsIn(store)).toEqual(['seed']);
    const [copy] = (await objects.list('mq-observer/refused/')).objects;
    const kept = await objects.get(copy?.key ?? '');
    expect(kept.kind === 'found' && Buffer.from(kept.body).toString()).toBe(seedData);
  });

  it('merges once when several instances start together', async () => {
    const objects = createMemoryObjectStore();
    const stores = [1, 2, 3, 4].map((seed) =>
      testStore({ objects, seedData: SEEDS, random: seededRandomness(seed) }),
    );
    await Promise.all(stores.map((store) => store.merge.ready()));
    expect(await Promise.all(stores.map(idsIn))).toEqual([['seed'], ['seed'], ['seed'], ['seed']]);
  });

  it('refuses a store of a newer format', async () => {
    const objects = createMemoryObjectStore();
    await objects.put('mq-observer/meta.json', '{"format":2,"anything":"else"}');
    await expect(testStore({ objects }).merge.ready()).rejects.toBeInstanceOf(StoreFormatError);
  });

  it('answers nothing while another instance merges, and everything afterwards', async () => {
    const objects = createMemoryObjectStore();
    const clock = createVirtualClock();
    const stuck = testStore({ objects, clock, seedData: SEEDS });
    expect((await stuck.leases.take('merge', 20_000)).kind).toBe('taken');
    const store = testStore({ objects, clock, seedData: SEEDS, random: seededRandomness(2) });
    await expect(store.merge.ready()).rejects.toMatchObject({ code: 'unavailable' });
    clock.advance(30_000);
    await store.merge.ready();
    expect(await idsIn(store)).toEqual(['seed']);
  });
});
