import { describe, expect, it, vi } from 'vitest';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import {
  createFaultyObjectStore,
  truncated,
  withBitFlipped,
  type Fault,
  type FaultPlan,
} from '../support/faulty-object-store.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { PAST_LEASES_MS } from '../support/simulation-calls.ts';
import { learnedOf, readPlainly, textOf } from '../support/simulation-checks.ts';
import { expectRound } from '../support/simulation-fleet.ts';
import {
  expectPresent,
  SCENARIOS,
  setScene,
  type Scenario,
  type Scene,
} from '../support/simulation-scenarios.ts';
import { createWorld, QUEUE } from '../support/simulation-world.ts';
import { aDraft, testStore } from '../support/test-store.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

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
  scene.clock.advance(PAST_LEASES_MS);
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
      hasSum(body) ? withBitFlipped(body, Math.floor(random.fraction() * body.byteLength * 8)) : body;
    await atEachCall(
      scenario,
      () => ({ kind: 'damages', change: flipped }),
      (scene) => expectWellAfterwards(scenario, scene),
    );
  });
});

/** The document of the original has none: the original writes it, too. */
function hasSum(body: Uint8Array): boolean {
  return Buffer.from(body).includes('"sum":"');
}

describe('a stored object of which one bit flipped', () => {
  it('is damaged, and never taken for something else', async () => {
    const objects = createMemoryObjectStore();
    const world = createWorld({ clock: createVirtualClock() });
    const instance = world.start({ objects });
    await instance.store.registrations.put(aDraft({ id: 'bad', queue: QUEUE }));
    await instance.notify();
    const expected = await readOf(objects);
    expect(expected).toMatchObject({ stored: [{ state: { failures: 1 } }] });
    for (const prefix of ['registrations/', 'state/']) {
      const [listed] = (await objects.list(`mq-observer/${prefix}`)).objects;
      const whole = await objects.get(listed?.key ?? '');
      if (listed === undefined || whole.kind !== 'found') throw new Error(`there is nothing in ${prefix}`);
      for (let bit = 0; bit < whole.body.byteLength * 8; bit++) {
        await objects.put(listed.key, withBitFlipped(whole.body, bit));
        const read = await readOf(objects);
        if (read.damaged === 0) expect(read).toEqual(expected);
      }
      await objects.put(listed.key, whole.body);
    }
  });
});

/** What a cold reader finds: everything that counts, and how much is damaged. */
async function readOf(objects: ObjectStore): Promise<{ damaged: number; stored: unknown[] }> {
  const { stored, damaged, state } = await testStore({ objects }).registrations.readAll();
  return {
    damaged: damaged.length + state.damaged.length,
    stored: stored.map(({ registration: { record, state: known } }) => {
      const { id, revision, qmgr, queue, notify, lastUpdatedMs } = record;
      return { record: { id, revision, qmgr, queue, notify, lastUpdatedMs }, state: known };
    }),
  };
}

describe('a listing whose pages change while it is read', () => {
  it('shows everything that stays, once', async () => {
    const objects = createMemoryObjectStore({ pageSizeMax: 3 });
    const other = testStore({ objects });
    const id = (kind: string, index: number): string => `${kind}-${index}`;
    for (let index = 0; index < 30; index++)
      for (const kind of ['staying', 'going']) await other.registrations.put(aDraft({ id: id(kind, index) }));
    let step = 0;
    const change = async (): Promise<void> => {
      await other.registrations.remove(aDraft({ id: id('going', step) }).id);
      await other.registrations.put(aDraft({ id: id('coming', step) }));
      step += 1;
    };
    const reader = createFaultyObjectStore(objects, ({ operation }) =>
      operation === 'list' ? { kind: 'waits', when: 'before', until: change } : undefined,
    );
    const store = testStore({ objects: reader.objects, random: seededRandomness(2) });
    const { stored } = await store.registrations.readAll();
    const ids = stored.map(({ record }) => String(record.id));
    expect(step).toBeGreaterThan(15);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((one) => one.startsWith('staying'))).toHaveLength(30);
  });
});
