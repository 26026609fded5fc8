import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPersistCycle } from '../../lib/cycle/persist-cycle.ts';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { aCall, cycleDeps } from '../support/test-cycles.ts';
import { aDraft, testStore } from '../support/test-store.ts';

/** What a reader without any cache sees: every object fetched, one by one. */
async function plainRead(objects: ObjectStore): Promise<unknown[]> {
  const read: unknown[] = [];
  for (let startAfter = ''; ;) {
    const page = await objects.list('mq-observer/registrations/', { startAfter });
    for (const { key } of page.objects) {
      const found = await objects.get(key);
      if (found.kind === 'found') read.push(JSON.parse(Buffer.from(found.body).toString()));
    }
    startAfter = page.objects.at(-1)?.key ?? '';
    if (!page.truncated) return read;
  }
}

type Damage =
  'none' | 'missing' | 'not JSON' | 'of another time' | 'partial' | 'wrong records' | 'other ETags';

/** Spoils the snapshot in the way that is asked for. */
async function spoil(objects: ObjectStore, damage: Damage): Promise<void> {
  const key = 'mq-observer/snapshot/all.json';
  const found = await objects.get(key);
  if (found.kind !== 'found' || damage === 'none' || damage === 'of another time') return;
  const part = JSON.parse(Buffer.from(found.body).toString()) as {
    records: { etag: string; record: object }[];
  };
  switch (damage) {
    case 'missing':
      return objects.delete([key]);
    case 'not JSON':
      return void (await objects.put(key, '{"format":1,"records":['));
    case 'partial':
      return void (await objects.put(key, JSON.stringify({ ...part, records: part.records.slice(0, 3) })));
    case 'wrong records':
      return void (await objects.put(
        key,
        JSON.stringify({ ...part, records: part.records.map((one) => ({ ...one, record: { id: 7 } })) }),
      ));
    case 'other ETags':
      return void (await objects.put(
        key,
        JSON.stringify({ ...part, records: part.records.map((one) => ({ ...one, etag: `x${one.etag}` })) }),
      ));
  }
}

const damage = fc.constantFrom<Damage>(
  'none',
  'missing',
  'not JSON',
  'of another time',
  'partial',
  'wrong records',
  'other ETags',
);

describe('reading everything', () => {
  it('equals the plain read, whatever the snapshot holds and however it came about', async () => {
    const change = fc.record({ id: fc.nat({ max: 30 }), remove: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 40 }),
        fc.array(change, { maxLength: 20 }),
        damage,
        fc.constantFrom(1000, 7),
        async (before, after, how, pageSizeMax) => {
          const objects = createMemoryObjectStore({ pageSizeMax });
          const writer = testStore({ objects });
          const apply = async (changes: typeof before): Promise<void> => {
            for (const { id, remove } of changes) {
              if (remove) await writer.registrations.remove(asRegistrationId(`r${id}`));
              else await writer.registrations.put(aDraft({ id: `r${id}` }));
            }
          };
          const warm = testStore({ objects, random: seededRandomness(3) });
          await apply(before);
          await runPersistCycle(cycleDeps(writer), aCall());
          await warm.registrations.readAll();
          await apply(after);
          await spoil(objects, how);
          const cold = testStore({ objects, random: seededRandomness(2) });
          const expected = await plainRead(objects);
          for (const reader of [cold, warm, cold])
            expect((await reader.registrations.readAll()).records.map(({ record }) => record)).toEqual(
              expected,
            );
        },
      ),
      { numRuns: 120 },
    );
  });
});
