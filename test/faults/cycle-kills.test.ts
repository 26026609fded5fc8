import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../support/faulty-object-store.ts';
import { PAST_LEASES_MS } from '../support/simulation-calls.ts';
import { expectFailuresEarned, readPlainly } from '../support/simulation-checks.ts';
import { expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import {
  expectPresent,
  SCENARIOS,
  setScene,
  type Scenario,
  type Scene,
} from '../support/simulation-scenarios.ts';

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

/**
 * A process that dies at each of its calls to the store, one after the other: before the call takes effect, after it,
 * and halfway through a delete of many keys. What comes afterwards must find everything as it was acknowledged.
 */

/** Somebody uses another instance while what the dead one held is still held. */
async function comeAtOnce({ world, owner, seedData, mergeIsDone }: Scene): Promise<void> {
  const other = world.start({ seedData });
  const ready = await answerOf(other, other.store.merge.ready());
  if (ready.kind !== 'answered') return;
  mergeIsDone();
  await owner.unregister(other, 'seed-1');
  await owner.register(other, 'well-2', 'meanwhile');
  expect(['completed', 'skipped']).toContain((await other.notify('tick#1')).outcome);
}

/** Runs a scenario with `fault` at one call; answers how many calls there were. */
async function play(
  scenario: Scenario,
  at?: { readonly index: number; readonly fault: Fault },
): Promise<number> {
  const { scene, instance } = await setScene(scenario, (call) =>
    call.index === at?.index ? at.fault : undefined,
  );
  const { world, clock } = scene;
  await instance.orKilled(scenario.act(scene, instance));
  expect(instance.faulty.isKilled()).toBe(at !== undefined);
  await comeAtOnce(scene);
  clock.advance(PAST_LEASES_MS);
  expectFailuresEarned(await readPlainly(world.objects), world);
  await expectRound(world, world.start({ seedData: scenario.seedData }));
  await expectPresent(scene);
  await scenario.afterwards?.(scene);
  return instance.faulty.calls.length;
}

describe.each(SCENARIOS)('$name', (scenario) => {
  it('leaves everything as it was acknowledged, at whatever call of the store the process dies', async () => {
    const calls = await play(scenario);
    expect(calls).toBeGreaterThan(0);
    for (let index = 0; index < calls; index++)
      for (const when of ['before', 'after', 'halfway'] as const)
        await play(scenario, { index, fault: { kind: 'killed', when } }).catch((error: unknown) => {
          throw new Error(`killed ${when} call ${index} of ${calls}`, { cause: error });
        });
  });
});
