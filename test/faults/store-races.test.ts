import { describe, expect, it, vi } from 'vitest';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { StoreCall } from '../support/faulty-object-store.ts';
import { atEachCall, beforeCall, PAST_LEASES_MS } from '../support/simulation-calls.ts';
import { learnedOf, readPlainly } from '../support/simulation-checks.ts';
import { aBusyFleet, expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import { pauseAt } from '../support/simulation-pause.ts';
import { expectPresent, SCENARIOS, setScene } from '../support/simulation-scenarios.ts';
import { createWorld, marked, type World } from '../support/simulation-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** What others do between two calls of the store, at each place where they can. */

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

async function idsThere(world: World): Promise<string[]> {
  return [...(await readPlainly(world.objects)).records.keys()].toSorted();
}

const merge = SCENARIOS.find(({ seedData }) => seedData !== undefined) ?? SCENARIOS[0];

describe('a merge that is held up', () => {
  it('lets nobody in who could remove what it brings back', async () => {
    if (merge === undefined) throw new Error('there is no such scenario');
    const calls = await atEachCall(async (index) => {
      const pause = pauseAt(index, 'before');
      const { scene, instance } = await setScene(merge, pause.plan);
      const merging = answerOf(instance, instance.store.merge.ready());
      await Promise.race([merging, pause.reached]);
      const other = scene.world.start({ seedData: scene.seedData });
      const ready = await answerOf(other, other.store.merge.ready());
      if (ready.kind === 'answered') {
        scene.mergeIsDone();
        for (const id of ['seed-1', 'old-2']) await scene.owner.unregister(other, id);
      }
      pause.resume();
      await merging;
      scene.clock.advance(PAST_LEASES_MS);
      await scene.world.start({ seedData: scene.seedData }).store.merge.ready();
      scene.mergeIsDone();
      await expectPresent(scene);
      return instance.faulty.calls.length > index;
    });
    expect(calls).toBeGreaterThan(10);
  });
});

describe('a persist cycle', () => {
  it('forgets nothing of somebody who registers and fails in the middle of it', async () => {
    const calls = await atEachCall(async (index) => {
      const { world } = await aBusyFleet();
      const persisting = world.start({
        plan: beforeCall(index, async () => {
          const other = world.start();
          await other.store.registrations.put(marked('bad-late', 'first'));
          expect(await other.notify()).toMatchObject({ outcome: 'completed' });
        }),
      });
      await persisting.persist();
      if (persisting.faulty.calls.length > index)
        expect(learnedOf(await readPlainly(world.objects), 'bad-late')).toMatchObject({ failures: 1 });
      await expectRound(world);
      return persisting.faulty.calls.length > index;
    });
    expect(calls).toBeGreaterThan(10);
  });

  it('brings nothing back when it goes on with a document that another took in meanwhile', async () => {
    const { world, clock } = await aBusyFleet();
    const ids = Array.from({ length: 40 }, (_, index) => `theirs-${index}`);
    await world.objects.put(
      'storeddata',
      JSON.stringify({ mq_requests: ids.map((id) => marked(id, 'old')) }),
    );
    const isCreate = ({ operation, keys }: StoreCall): boolean =>
      operation === 'put' && keys[0]?.includes('/registrations/') === true;
    let resume = (): void => undefined;
    const resumed = new Promise<void>((resolve) => (resume = resolve));
    const late = world.start({
      plan: (call) => (isCreate(call) ? { kind: 'waits', when: 'before', until: () => resumed } : undefined),
    });
    const persisting = answerOf(late, late.persist());
    while (!late.faulty.calls.some(isCreate)) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(PAST_LEASES_MS);
    const other = world.start();
    expect(await other.persist()).toMatchObject({ outcome: 'completed' });
    const asked = late.faulty.calls.filter(isCreate).length;
    const removed = ids.slice(asked);
    expect(removed.length).toBeGreaterThan(10);
    for (const id of removed) await other.store.registrations.remove(asRegistrationId(id));
    resume();
    await persisting;
    expect((await idsThere(world)).filter((id) => removed.includes(id))).toEqual([]);
  });
});

describe('a registration that must be new, where one was dropped', () => {
  it('is never written over one that came meanwhile', async () => {
    const calls = await atEachCall(async (index) => {
      const world = createWorld({
        clock: createVirtualClock(),
        failurePolicy: { failuresMax: 1, dropBad: true },
      });
      const other = world.start();
      await other.store.registrations.put(marked('bad', 'dropped'));
      await other.notify();
      const late = world.start({
        plan: beforeCall(index, () => other.store.registrations.put(marked('bad', 'theirs'))),
      });
      const answer = await late.store.registrations.put(marked('bad', 'late'), { ifNoneMatch: '*' });
      const isWithin = late.faulty.calls.length > index;
      expect(answer === 'condition-failed').toBe(isWithin);
      const left = (await readPlainly(world.objects)).records.get('bad')?.notify;
      expect(left).toMatch(isWithin ? /theirs$/ : /late$/);
      return late.faulty.calls.length > index;
    });
    expect(calls).toBeGreaterThan(3);
  });
});

describe('a flush', () => {
  it('keeps what is registered after it began', async () => {
    const calls = await atEachCall(async (index) => {
      const { world } = await aBusyFleet();
      const flushing = world.start({
        plan: beforeCall(index, async () => {
          const owner = world.start().store.registrations;
          for (const id of ['newcomer', 'well']) await owner.put(marked(id, 'meanwhile'));
        }),
      });
      await flushing.store.registrations.flush(Infinity);
      const there = await idsThere(world);
      const isWithin = flushing.faulty.calls.length > index;
      expect(there).toEqual(expect.arrayContaining(isWithin ? ['newcomer'] : []));
      expect(there.filter((id) => !['newcomer', 'well'].includes(id))).toEqual([]);
      return flushing.faulty.calls.length > index;
    }, 1);
    expect(calls).toBeGreaterThan(10);
  });
});
