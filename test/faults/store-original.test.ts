import { describe, expect, it } from 'vitest';
import { truncated, type FaultPlan, type StoreCall } from '../support/faulty-object-store.ts';
import { readPlainly, textOf } from '../support/simulation-checks.ts';
import { expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import { createWorld, marked, type World } from '../support/simulation-world.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

/** The document that the original reads: others write it, too, and it carries no fence. */

const DOCUMENT = 'storeddata';
const documentOf = (...ids: readonly string[]): string =>
  JSON.stringify({ mq_requests: ids.map((id) => marked(id, 'first')) });

async function aFleetOf(clock: VirtualClock, ...ids: readonly string[]): Promise<World> {
  const world = createWorld({ clock });
  const instance = world.start();
  for (const id of ids) await instance.store.registrations.put(marked(id, 'first'));
  expect(await instance.persist()).toMatchObject({ outcome: 'completed' });
  return world;
}

async function idsIn(world: World): Promise<string[]> {
  const { mq_requests } = JSON.parse((await textOf(world.objects, DOCUMENT)) ?? '') as {
    mq_requests: { id: string }[];
  };
  return mq_requests.map(({ id }) => id).toSorted();
}

const isPut = ({ operation, keys }: StoreCall, key: RegExp): boolean =>
  operation === 'put' && key.test(keys[0] ?? '');

describe('the document of the original', () => {
  it('is whole again after somebody put back an old one in which nothing was new', async () => {
    const world = await aFleetOf(createVirtualClock(), 'a', 'b');
    await world.objects.put(DOCUMENT, documentOf('a'));
    expect(await world.start().persist()).toMatchObject({ outcome: 'completed', changed: true });
    expect(await idsIn(world)).toEqual(['a', 'b']);
    expect(await world.start().persist()).toMatchObject({ changed: false });
  });

  it('is written again after somebody deleted it', async () => {
    const world = await aFleetOf(createVirtualClock(), 'a');
    await world.objects.delete([DOCUMENT]);
    await world.start().persist();
    expect(await idsIn(world)).toEqual(['a']);
  });

  it('is left alone when the original wrote it while we worked, and taken in by the next run', async () => {
    const world = await aFleetOf(createVirtualClock(), 'a');
    await world.start().store.registrations.put(marked('b', 'first'));
    const plan: FaultPlan = (call) =>
      isPut(call, /\/backups\//)
        ? {
            kind: 'waits',
            when: 'after',
            until: async () => void (await world.objects.put(DOCUMENT, documentOf('a', 'theirs'))),
          }
        : undefined;
    await world.start({ plan }).persist();
    expect(await idsIn(world)).toEqual(['a', 'theirs']);
    await world.start().persist();
    expect(await idsIn(world)).toEqual(['a', 'b', 'theirs']);
    await expectRound(world);
  });

  it('does not bring back what was unregistered, however often it could not be replaced', async () => {
    const clock = createVirtualClock();
    const world = await aFleetOf(clock, 'a', 'b');
    await world.start().store.registrations.remove(marked('b', 'first').id);
    const denied = world.start({
      plan: (call) =>
        isPut(call, /^storeddata$/) ? { kind: 'fails', when: 'before', code: 'denied' } : undefined,
    });
    for (let run = 0; run < 250; run++) {
      clock.advance(60_000);
      expect(await answerOf(denied, denied.persist())).toEqual({ kind: 'failed' });
    }
    expect(await world.start().persist()).toMatchObject({ outcome: 'completed' });
    expect(await idsIn(world)).toEqual(['a']);
    expect([...(await readPlainly(world.objects)).records.keys()]).toEqual(['a']);
  });

  it('and the backups tell of failures again once the state could be read', async () => {
    const world = await aFleetOf(createVirtualClock(), 'bad');
    await world.start().notify();
    const confused = world.start({
      plan: ({ operation, keys }) =>
        operation === 'get' && keys[0]?.includes('/state/') === true
          ? { kind: 'damages', change: truncated }
          : undefined,
    });
    expect(await confused.persist()).toMatchObject({ outcome: 'partial', backup: null });
    expect(await world.start().persist()).toMatchObject({ outcome: 'completed', changed: true });
    expect(await textOf(world.objects, DOCUMENT)).toContain('"failcount":1');
    await expectRound(world);
  });
});
