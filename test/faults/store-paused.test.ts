import { describe, expect, it, vi } from 'vitest';
import type { Moment, StoreCall } from '../support/faulty-object-store.ts';
import { PAST_LEASES_MS } from '../support/simulation-calls.ts';
import { expectFailuresEarned, readPlainly, textOf } from '../support/simulation-checks.ts';
import { aBusyFleet, expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import { pauseAt, stoppedBy } from '../support/simulation-pause.ts';
import { marked, type Instance, type World } from '../support/simulation-world.ts';

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

/**
 * A process that stands still at one of its calls to the store until its lease has run out and another has done its
 * work: a suspended machine, a long garbage collection, a network that holds a request back. When it goes on it must
 * write nothing more.
 */

type Cycle = 'notify' | 'restore' | 'persist';

/** What must stay as it is when somebody who came too late goes on. */
async function kept(world: World): Promise<unknown> {
  const plain = await readPlainly(world.objects);
  const texts = ['storeddata', 'mq-observer/reports/notify.json', 'mq-observer/reports/persist.json'];
  return { ...plain, texts: await Promise.all(texts.map((key) => textOf(world.objects, key))) };
}

const leaseKey = (cycle: Cycle): string => `mq-observer/leases/${cycle}.json`;
const tookLease = (instance: Instance, cycle: Cycle): boolean =>
  instance.faulty.writes.some(({ keys }) => keys.includes(leaseKey(cycle)));
const gaveLeaseBack = (instance: Instance, cycle: Cycle): boolean =>
  instance.faulty.writes.filter(({ keys }) => keys.includes(leaseKey(cycle))).length > 1;

/** Answers whether there was a call at which to stand still. */
async function playPause(
  cycle: Cycle,
  at: { readonly index: number; readonly when: Moment },
  clockStops: boolean,
): Promise<boolean> {
  const { world, clock } = await aBusyFleet();
  const pause = pauseAt(at.index, at.when);
  const late = world.start({ plan: pause.plan, clock: clockStops ? stoppedBy(pause, clock) : clock });
  const working = answerOf(late, late[cycle]());
  await Promise.race([working, pause.reached]);
  if (!pause.isReached()) return false;
  clock.advance(PAST_LEASES_MS);
  const held = tookLease(late, cycle);
  const done = gaveLeaseBack(late, cycle);
  await world.start().store.registrations.put(marked('newcomer', 'meanwhile'));
  expect(await world.start()[cycle]()).toMatchObject({ outcome: 'completed' });

  const before = await kept(world);
  const writesBefore = late.faulty.writes.length;
  pause.resume();
  await working;
  const lateWrites = late.faulty.writes.slice(writesBefore);
  if (held && !done) {
    expect(lateWrites.filter(({ keys }) => !isHarmless(keys))).toEqual([]);
    if (at.when === 'after' && !clockStops) expect(lateWrites).toEqual([]);
    expect(await kept(world)).toEqual(before);
  }
  expectFailuresEarned(await readPlainly(world.objects), world);
  await expectRound(world);
  return true;
}

/**
 * What may be written late: a snapshot is never trusted, a backup has a name of its own, and `meta.json` learns at most
 * the hash of a document that is never written.
 */
function isHarmless(keys: readonly string[]): boolean {
  return keys.every((key) => /^mq-observer\/(snapshot\/|backups\/|meta\.json$)/.test(key));
}

async function everywhere(play: (at: { index: number; when: Moment }) => Promise<boolean>): Promise<number> {
  for (let index = 0; ; index++)
    for (const when of ['before', 'after'] as const) {
      const played = await play({ index, when }).catch((error: unknown) => {
        throw new Error(`held up ${when} call ${index}`, { cause: error });
      });
      if (!played) return index;
    }
}

/** Nobody else came: what the holder learned is out of date all the same. */
async function playPauseAlone(
  cycle: Cycle,
  at: { readonly index: number; readonly when: Moment },
): Promise<boolean> {
  const { world, clock } = await aBusyFleet();
  const pause = pauseAt(at.index, at.when);
  const late = world.start({ plan: pause.plan });
  const working = answerOf(late, late[cycle]());
  await Promise.race([working, pause.reached]);
  if (!pause.isReached()) return false;
  clock.advance(PAST_LEASES_MS);
  const held = tookLease(late, cycle);
  const writesBefore = late.faulty.writes.length;
  const askedBefore = late.faulty.calls.length;
  pause.resume();
  await working;
  const lateWrites = late.faulty.writes.slice(writesBefore);
  const isOnItsWay = ({ index }: StoreCall): boolean => index < askedBefore;
  const isGivingBack = ({ keys }: StoreCall): boolean => keys.includes(leaseKey(cycle));
  if (held) expect(lateWrites.filter((write) => !isOnItsWay(write) && !isGivingBack(write))).toEqual([]);
  await expectRound(world);
  return true;
}

describe.each(['notify', 'restore', 'persist'] as const)(
  'a %s cycle that is paused past its lease',
  (cycle) => {
    it('writes nothing when it goes on, at whatever call of the store it stood still', async () => {
      expect(await everywhere((at) => playPause(cycle, at, false))).toBeGreaterThan(10);
    });

    it('gives back its lease and writes nothing else when nobody took it over', async () => {
      expect(await everywhere((at) => playPauseAlone(cycle, at))).toBeGreaterThan(10);
    });

    it('writes nothing either when its own clock stood still with it', async () => {
      expect(await everywhere((at) => playPause(cycle, at, true))).toBeGreaterThan(10);
    });
  },
);
