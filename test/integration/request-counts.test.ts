import { beforeAll, describe, expect, it } from 'vitest';
import {
  createCountingObjectStore,
  type CountingObjectStore,
  type RequestCounts,
} from '../support/counting-object-store.ts';
import { createWorld, marked, type Instance, type World } from '../support/simulation-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/**
 * What a cycle asks of the object store, counted as a bill does: class A is PUT and LIST, class B is GET, DELETE is free.
 * A quiet notify cycle always writes three times (takes the lease, stores the report, gives the lease back) and reads the
 * lease and the report before it. All else is listings: one of the state, and of the registrations one up to a page of
 * 1,000, above that one and one more for each of the 16 shards that it did not show whole. A cold instance reads
 * `meta.json`, too, and the snapshot: one object, above 1,000 registrations 17; without one, each registration by itself.
 */

const counts = (puts: number, lists: number, gets: number, deletes = 0): RequestCounts => ({
  A: { puts, lists },
  B: { gets },
  free: { deletes },
});

/** An instance that knows nothing yet, over a world, with its requests counted. */
function cold(world: World): { readonly instance: Instance; readonly counting: CountingObjectStore } {
  const counting = createCountingObjectStore(world.objects);
  return { instance: world.start({ objects: counting }), counting };
}

async function aFleetOf(registrations: number, withSnapshot: boolean): Promise<World> {
  const world = createWorld({ clock: createVirtualClock() });
  const filler = world.start();
  for (let index = 0; index < registrations; index++)
    await filler.store.registrations.put(marked(`registration-${index}`, 'any'));
  await filler.notify();
  if (withSnapshot) await filler.persist();
  return world;
}

describe.each([
  { registrations: 0, lists: 2, coldGets: { without: 3, with: 3 } },
  { registrations: 1_000, lists: 2, coldGets: { without: 1_004, with: 4 } },
  { registrations: 5_000, lists: 15, coldGets: { without: 5_004, with: 20 } },
])('a quiet notify cycle with $registrations registrations', ({ registrations, lists, coldGets }) => {
  describe.each(['without', 'with'] as const)('%s a snapshot', (how) => {
    const gets = coldGets[how];
    let world: World;
    beforeAll(async () => {
      world = await aFleetOf(registrations, how === 'with');
    });

    it(`takes ${lists} LIST, 3 PUT and ${gets} GET on a cold instance`, async () => {
      const { instance, counting } = cold(world);
      await instance.notify();
      expect(counting.takeCounts()).toEqual(counts(3, lists, gets));
    });

    it(`takes ${lists} LIST, 3 PUT and 2 GET on a warm instance`, async () => {
      const { instance, counting } = cold(world);
      await instance.notify();
      counting.takeCounts();
      await instance.notify();
      expect(counting.takeCounts()).toEqual(counts(3, lists, 2));
    });
  });
});

describe('state that was learned', () => {
  it('takes 16 GET more on a cold instance, and none on a warm one', async () => {
    const world = await aFleetOf(200, true);
    world.failWhere(() => true);
    await world.start().notify();
    world.failWhere(() => false);
    await world.start().notify();
    const { instance, counting } = cold(world);
    await instance.notify();
    expect(counting.takeCounts()).toEqual(counts(3, 2, 20));
    await instance.notify();
    expect(counting.takeCounts()).toEqual(counts(3, 2, 2));
  });

  it('takes one PUT more for each of the 16 documents in which it changes', async () => {
    const world = await aFleetOf(200, true);
    const { instance, counting } = cold(world);
    await instance.notify();
    counting.takeCounts();
    world.failWhere((id) => id === 'registration-7');
    await instance.notify();
    expect(counting.takeCounts()).toEqual(counts(4, 2, 2));
  });
});

describe('an owner', () => {
  it('registers with 1 PUT, and 1 GET more when the instance is cold', async () => {
    const { instance, counting } = cold(await aFleetOf(10, false));
    for (const gets of [1, 0]) {
      await instance.store.merge.ready();
      await instance.store.registrations.put(marked('new', `mark-${gets}`));
      expect(counting.takeCounts()).toEqual(counts(1, 0, gets));
    }
  });

  it('unregisters with 2 GET and 1 DELETE, and reads with 2 GET', async () => {
    const { instance, counting } = cold(await aFleetOf(10, false));
    const { id } = marked('registration-3', 'any');
    await instance.store.registrations.get(id);
    expect(counting.takeRequests()).toEqual([
      expect.stringMatching(/^get mq-observer\/registrations\/..\/registration-3\.json$/),
      expect.stringMatching(/^get mq-observer\/state\/.\.json$/),
    ]);
    await instance.store.registrations.remove(id);
    expect(counting.takeCounts()).toEqual(counts(0, 0, 2, 1));
  });

  it('lists everything with 2 LIST, and 1 GET for each registration that the instance does not know', async () => {
    const { instance, counting } = cold(await aFleetOf(7, false));
    for (const gets of [7, 0]) {
      await instance.store.registrations.readAll();
      expect(counting.takeCounts()).toEqual(counts(0, 2, gets));
    }
  });
});

describe('the other cycles, warm, with 100 registrations', () => {
  it.each([
    ['restore', 'with nothing to lift', counts(3, 2, 2)],
    ['persist', 'with nothing changed', counts(3, 3, 4)],
  ] as const)('%s %s', async (cycle, _how, expected) => {
    const { instance, counting } = cold(await aFleetOf(100, true));
    await instance[cycle]();
    counting.takeCounts();
    await instance[cycle]();
    expect(counting.takeCounts()).toEqual(expected);
  });

  it('persist with one registration changed: one sixteenth of all objects is read to verify them', async () => {
    const world = await aFleetOf(100, true);
    const { instance, counting } = cold(world);
    await instance.persist();
    await world.start().store.registrations.put(marked('registration-1', 'anew'));
    counting.takeCounts();
    await instance.persist();
    const { A, B } = counting.takeCounts();
    // Lease twice, snapshot, backup, meta, document, report; registrations, state twice, a shard, backups.
    expect(A).toEqual({ puts: 7, lists: 5 });
    expect(B.gets).toBeGreaterThan(7);
    expect(B.gets).toBeLessThan(7 + 100 / 4);
  });
});
