import { describe, expect, it } from 'vitest';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { createFaultyObjectStore, type FaultPlan } from '../../test/support/faulty-object-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { anEvent } from '../events/events-test-support.ts';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { createOutbox } from './outbox.ts';
import { entryOf, OUTBOX, parseContent } from './outbox-entry.ts';

const EXPECTS = { id: asRegistrationId('one'), revision: 'r1', is: 'stored' } as const;

function anOutbox(plan?: FaultPlan) {
  const clock = createVirtualClock();
  const objects = createMemoryObjectStore();
  const faulty = createFaultyObjectStore(objects, plan);
  const context = { objects: faulty.objects, clock, random: seededRandomness(1), patienceMs: 5_000 };
  return { clock, objects, outbox: createOutbox(context) };
}

describe('an outbox', () => {
  it('gives stamps that grow within one millisecond and when the clock is put back', () => {
    const { clock, outbox } = anOutbox();
    const stamps = [outbox.nextStamp(), outbox.nextStamp()];
    clock.advance(-5_000);
    stamps.push(outbox.nextStamp());
    clock.advance(10_000);
    stamps.push(outbox.nextStamp());
    expect(stamps).toEqual(stamps.toSorted());
    expect(new Set(stamps).size).toBe(4);
  });

  it('lists what waits by endpoint in the order of arrival, over many pages', async () => {
    const { outbox } = anOutbox();
    for (let count = 0; count < 1_100; count++)
      await outbox.add(`e${count % 2}`, outbox.nextStamp(), anEvent('a', count));
    const { entries } = await outbox.list();
    const ids = (remainder: number) =>
      Array.from({ length: 550 }, (_, index) => anEvent('a', 2 * index + remainder).id);
    expect(entries.get('e0')?.map(({ eventId }) => eventId)).toEqual(ids(0));
    expect(entries.get('e1')?.map(({ eventId }) => eventId)).toEqual(ids(1));
  });

  it('adds an event once when the answer to its writing was lost', async () => {
    const { outbox } = anOutbox(({ index }) =>
      index === 0 ? { kind: 'fails', when: 'after', code: 'unavailable' } : undefined,
    );
    const queued = await outbox.add('all', outbox.nextStamp(), anEvent('a'), EXPECTS);
    await outbox.confirm(queued);
    const entries = (await outbox.list()).entries.get('all') ?? [];
    expect(entries).toHaveLength(1);
    const [entry] = entries;
    expect(entry && (await outbox.read(entry))).toMatchObject({
      content: { kind: 'event', event: anEvent('a'), expects: undefined },
    });
  });

  it('lets either the confirmation or the dropping of an event win', async () => {
    const { outbox } = anOutbox();
    const queued = await outbox.add('all', outbox.nextStamp(), anEvent('a'), EXPECTS);
    const [entry] = (await outbox.list()).entries.get('all') ?? [];
    if (entry === undefined || queued.etag === undefined) throw new Error('nothing was added');
    await outbox.confirm(queued);
    expect(await outbox.drop(entry, queued.etag)).toBe(false);
    const again = await outbox.read(entry);
    if (again === 'gone' || again === 'damaged') throw new Error(`the event is ${again}`);
    expect(await outbox.drop(entry, again.etag)).toBe(true);
    expect(await outbox.read(entry)).toMatchObject({ content: { kind: 'dropped' } });
    await outbox.confirm({ ...queued, etag: again.etag });
    expect((await outbox.list()).entries.get('all')).toHaveLength(2);
  });
});

describe('what an outbox holds', () => {
  const id = anEvent('a').id;
  const stored = { format: 1, event: anEvent('a'), expects: EXPECTS };

  it('is read as it was written', () => {
    expect(parseContent(stored, id)).toEqual({ kind: 'event', event: anEvent('a'), expects: EXPECTS });
  });

  it.each<[string, unknown]>([
    ['no object', [1]],
    ['another format', { ...stored, format: 2 }],
    ['another event', { ...stored, event: anEvent('b') }],
    ['no time', { ...stored, event: { ...anEvent('a'), timeMs: '1' } }],
    ['a time that no calendar has', { ...stored, event: { ...anEvent('a'), timeMs: 9e15 } }],
    ['no data', { ...stored, event: { ...anEvent('a'), data: null } }],
    ['a subject that is no text', { ...stored, event: { ...anEvent('a'), subject: {} } }],
    ['an expectation that is none', { ...stored, expects: { ...EXPECTS, is: 'there' } }],
  ])('is refused with %s', (_, json) => {
    expect(parseContent(json, id)).toBeUndefined();
  });

  it.each(['all/x.json', `all/1-000000-${id}.json`, `a/b/${'0'.repeat(16)}-000000-${id}.json`, 'all'])(
    'has keys unlike %s',
    (name) => {
      expect(entryOf(`${OUTBOX}${name}`, 1, OUTBOX)).toBeUndefined();
    },
  );
});
