import { expect } from 'vitest';
import { expectConsistent, expectLeasesFree } from './simulation-checks.ts';
import { createWorld, marked, type Instance, type World } from './simulation-world.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** Failures to record, quarantines to lift, state to forget: every cycle has something to write. */
export async function aBusyFleet(): Promise<{ readonly world: World; readonly clock: VirtualClock }> {
  const clock = createVirtualClock();
  const world = createWorld({ clock });
  const instance = world.start();
  const register = (id: string, mark = 'first') => instance.store.registrations.put(marked(id, mark));
  for (const id of ['well', 'bad-1', 'bad-2', 'bad-3', 'lifted', 'anew']) await register(id);
  world.failWhere((id) => id === 'lifted' || id === 'anew');
  for (let cycle = 0; cycle < world.failurePolicy.failuresMax; cycle++) await instance.notify();
  world.failWhere((id) => id.startsWith('bad'));
  await instance.persist();
  clock.advance(world.failurePolicy.quarantineMs + 1);
  await register('anew', 'second');
  return { world, clock };
}

/** Expects that a new instance completes a round of all cycles, and that everything is in order afterwards. */
export async function expectRound(world: World, next: Instance = world.start()): Promise<void> {
  expect(await next.notify()).toMatchObject({ outcome: 'completed' });
  expect(await next.restore()).toMatchObject({ outcome: 'completed' });
  expect(await next.persist()).toMatchObject({ outcome: 'completed' });
  await expectLeasesFree(world);
  const plain = await expectConsistent(world);
  for (const [id, { revision }] of plain.learned)
    expect({ id, revision }).toEqual({ id, revision: plain.records.get(id)?.revision });
}
