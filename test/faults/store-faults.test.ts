import { describe, expect, it } from 'vitest';
import { truncated, withBitFlipped, type Fault, type FaultPlan } from '../support/faulty-object-store.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { learnedOf, readPlainly, textOf } from '../support/simulation-checks.ts';
import { expectRound } from '../support/simulation-fleet.ts';
import {
  expectPresent,
  SCENARIOS,
  setScene,
  type Scenario,
  type Scene,
} from '../support/simulation-scenarios.ts';

/** One call of the store that goes wrong, each in turn, in everything that writes. */

/** What a scenario leaves, without what differs each time: who is there, what is known of them, what was counted. */
async function leftBy({ world }: Scene): Promise<unknown> {
  const plain = await readPlainly(world.objects);
  const counters = await Promise.all(
    ['notify', 'restore', 'persist'].map(async (cycle) => {
      const text = await textOf(world.objects, `mq-observer/reports/${cycle}.json`);
      return (JSON.parse(text ?? '{}') as { counters?: unknown }).counters;
    }),
  );
  const registrations = [...plain.records].map(([id, { notify }]) => {
    const state = learnedOf(plain, id);
    return { id, notify, failures: state?.failures, quarantined: state?.quarantinedUntilMs !== undefined };
  });
  return { registrations: registrations.toSorted((a, b) => (a.id < b.id ? -1 : 1)), counters };
}

async function play(scenario: Scenario, plan: FaultPlan): Promise<{ scene: Scene; calls: number }> {
  const { scene, instance } = await setScene(scenario, plan);
  await scenario.act(scene, instance);
  await expectPresent(scene);
  return { scene, calls: instance.faulty.calls.length };
}

async function expectWellAfterwards(scenario: Scenario, scene: Scene): Promise<void> {
  scene.clock.advance(130_000);
  await expectRound(scene.world, scene.world.start({ seedData: scenario.seedData }));
  await expectPresent(scene);
  await scenario.afterwards?.(scene);
}

/** Runs a scenario once for each of its calls, with a fault at that call. */
async function atEachCall(
  scenario: Scenario,
  faultAt: (index: number) => Fault,
  expectation: (scene: Scene) => Promise<void>,
): Promise<void> {
  const { calls } = await play(scenario, () => undefined);
  for (let index = 0; index < calls; index++)
    try {
      const { scene } = await play(scenario, (call) => (call.index === index ? faultAt(index) : undefined));
      await expectation(scene);
    } catch (error) {
      throw new Error(`at call ${index} of ${calls}`, { cause: error });
    }
}

describe.each(SCENARIOS)('$name', (scenario) => {
  it.each([
    { what: 'is not answered', fault: { kind: 'fails', when: 'before', code: 'unavailable' } },
    { what: 'is told to slow down', fault: { kind: 'fails', when: 'before', code: 'throttled' } },
    { what: 'loses an answer', fault: { kind: 'fails', when: 'after', code: 'unavailable' } },
  ] as const)('does the same, and once, when it $what', async ({ fault }) => {
    const expected = await leftBy((await play(scenario, () => undefined)).scene);
    await atEachCall(
      scenario,
      () => fault,
      async (scene) => expect(await leftBy(scene)).toEqual(expected),
    );
  });

  it('tells nothing false when it is denied, and all is well afterwards', async () => {
    await atEachCall(
      scenario,
      () => ({ kind: 'fails', when: 'before', code: 'denied' }),
      (scene) => expectWellAfterwards(scenario, scene),
    );
  });

  it('tells nothing false when the store is lost in the middle, and all is well afterwards', async () => {
    const { calls } = await play(scenario, () => undefined);
    for (let first = 0; first < calls; first += 2) {
      const { scene } = await play(scenario, ({ index }) =>
        index < first ? undefined : { kind: 'fails', when: 'before', code: 'unavailable' },
      );
      await expectWellAfterwards(scenario, scene);
    }
  });

  it('loses nothing over a body that was cut short', async () => {
    await atEachCall(
      scenario,
      () => ({ kind: 'damages', change: truncated }),
      (scene) => expectWellAfterwards(scenario, scene),
    );
  });

  it('loses nothing over a bit that flipped', async () => {
    const random = seededRandomness(7);
    const flipped = (body: Uint8Array): Uint8Array =>
      withBitFlipped(body, Math.floor(random.fraction() * body.byteLength * 8));
    await atEachCall(
      scenario,
      () => ({ kind: 'damages', change: flipped }),
      (scene) => expectWellAfterwards(scenario, scene),
    );
  });
});
