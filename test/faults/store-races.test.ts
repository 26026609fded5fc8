import { describe, expect, it, vi } from 'vitest';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { StoredRegistration } from '../../lib/store/registration-store.ts';
import { truncated, type Fault, type FaultPlan, type StoreCall } from '../support/faulty-object-store.ts';
import { learnedOf, readPlainly } from '../support/simulation-checks.ts';
import { aBusyFleet, expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import { pauseAt } from '../support/simulation-pause.ts';
import { expectPresent, SCENARIOS, setScene } from '../support/simulation-scenarios.ts';
import { createWorld, marked, type World } from '../support/simulation-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** What others do between two calls of the store, or between a call and its answer, at each place where they can. */

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const PAST_LEASES_MS = 130_000;

/** Lets `meanwhile` happen before one call takes effect. */
const before =
  (index: number, meanwhile: () => Promise<unknown>): FaultPlan =>
  ({ index: at }) =>
    at === index ? { kind: 'waits', when: 'before', until: async () => void (await meanwhile()) } : undefined;

/** Plays for each call until there is none; `from` is the first. Answers how many there were. */
async function atEachCall(from: number, play: (index: number) => Promise<number>): Promise<number> {
  for (let index = from; ; index++)
    try {
      if (index >= (await play(index))) return index;
    } catch (error) {
      throw new Error(`at call ${index}`, { cause: error });
    }
}

async function idsThere(world: World): Promise<string[]> {
  return [...(await readPlainly(world.objects)).records.keys()].toSorted();
}

const merge = SCENARIOS.find(({ seedData }) => seedData !== undefined) ?? SCENARIOS[0];

describe('a merge that is held up', () => {
  it('lets nobody in who could remove what it brings back', async () => {
    if (merge === undefined) throw new Error('there is no such scenario');
    const calls = await atEachCall(0, async (index) => {
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
      return instance.faulty.calls.length;
    });
    expect(calls).toBeGreaterThan(10);
  });
});

describe('a persist cycle', () => {
  it('forgets nothing of somebody who registers and fails in the middle of it', async () => {
    const calls = await atEachCall(0, async (index) => {
      const { world } = await aBusyFleet();
      const persisting = world.start({
        plan: before(index, async () => {
          const other = world.start();
          await other.store.registrations.put(marked('bad-late', 'first'));
          expect(await other.notify()).toMatchObject({ outcome: 'completed' });
        }),
      });
      await persisting.persist();
      if (persisting.faulty.calls.length > index)
        expect(learnedOf(await readPlainly(world.objects), 'bad-late')).toMatchObject({ failures: 1 });
      await expectRound(world);
      return persisting.faulty.calls.length;
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

describe('a flush', () => {
  it('keeps what is registered after it began', async () => {
    const calls = await atEachCall(1, async (index) => {
      const { world } = await aBusyFleet();
      const flushing = world.start({
        plan: before(index, async () => {
          const owner = world.start().store.registrations;
          for (const id of ['newcomer', 'well']) await owner.put(marked(id, 'meanwhile'));
        }),
      });
      await flushing.store.registrations.flush(Infinity);
      const there = await idsThere(world);
      const isWithin = flushing.faulty.calls.length > index;
      expect(there).toEqual(expect.arrayContaining(isWithin ? ['newcomer'] : []));
      expect(there.filter((id) => !['newcomer', 'well'].includes(id))).toEqual([]);
      return flushing.faulty.calls.length;
    });
    expect(calls).toBeGreaterThan(10);
  });
});

describe('a write whose answer was lost', () => {
  const isPutOf = (call: StoreCall, id: string): boolean =>
    call.operation === 'put' && call.keys[0]?.endsWith(`/${id}.json`) === true;
  const losing =
    (id: string): FaultPlan =>
    (call) =>
      isPutOf(call, id) ? { kind: 'fails', when: 'after', code: 'unavailable' } : undefined;
  const isStored = (answer: StoredRegistration | 'condition-failed'): boolean =>
    answer !== 'condition-failed';

  it('is not taken for a failed condition', async () => {
    const world = createWorld({ clock: createVirtualClock() });
    const { registrations } = world.start({ plan: losing('new') }).store;
    const first = await registrations.put(marked('new', 'first'), { ifNoneMatch: '*' });
    if (first === 'condition-failed')
      throw new Error('it was stored, and the caller was told that it was not');
    expect(isStored(await registrations.put(marked('new', 'second'), { ifMatch: first.etag }))).toBe(true);
    expect(await registrations.put(marked('new', 'third'), { ifMatch: first.etag })).toBe('condition-failed');
    expect(await registrations.importOne(marked('new', 'other'))).toBe('existing');
    const importing = world.start({ plan: losing('imported') }).store.registrations;
    expect(await importing.importOne(marked('imported', 'first'))).toBe('imported');
  });

  it('is known although the object that was read back was cut short', async () => {
    for (const cycle of ['notify', 'restore', 'persist'] as const) {
      const calls = await atEachCall(0, async (index) => {
        const { world } = await aBusyFleet();
        const counters = async () => (await world.start().store.reports.read(cycle)).counters['cycles'] ?? 0;
        const countedBefore = await counters();
        let lost: string | undefined;
        const plan = (call: StoreCall): Fault | undefined => {
          const [key] = call.keys;
          if (call.index === index && call.operation === 'put') {
            lost = key;
            return { kind: 'fails', when: 'after', code: 'unavailable' };
          }
          if (lost === undefined || lost !== key) return undefined;
          lost = undefined;
          return { kind: 'damages', change: truncated };
        };
        const instance = world.start({ plan });
        expect(await instance[cycle]()).toMatchObject({ outcome: 'completed' });
        expect(await counters()).toBe(countedBefore + 1);
        await expectRound(world);
        return instance.faulty.calls.length;
      });
      expect(calls).toBeGreaterThan(10);
    }
  });

  it('is not repeated over what another wrote meanwhile', async () => {
    const clock = createVirtualClock();
    const world = createWorld({ clock });
    const other = world.start();
    const first = await other.store.registrations.put(marked('a', 'first'));
    if (first === 'condition-failed') throw new Error('there was no condition');
    // The store fails, is asked, shows the old version; then another writes; then the write is made again.
    const late = world.start({
      clock: {
        ...clock,
        sleep: async () => void (await other.store.registrations.put(marked('a', 'theirs'))),
      },
      plan: ({ index }) => (index === 0 ? { kind: 'fails', when: 'before', code: 'unavailable' } : undefined),
    });
    expect(await late.store.registrations.put(marked('a', 'late'), { ifMatch: first.etag })).toBe(
      'condition-failed',
    );
    expect((await readPlainly(world.objects)).records.get('a')?.notify).toMatch(/theirs$/);
  });
});
