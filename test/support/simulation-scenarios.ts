import { expect } from 'vitest';
import type { FaultPlan } from './faulty-object-store.ts';
import { createPresenceModel, type PresenceModel } from './model-presence.ts';
import { learnedOf, readPlainly } from './simulation-checks.ts';
import { answerOf, createOwner, type Owner } from './simulation-owner.ts';
import { createWorld, marked, type Instance, type World } from './simulation-world.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** What one instance does in a world of its own, while a test lets something happen at each of its calls of the store. */
export interface Scenario {
  readonly name: string;
  /** The seeds that every instance of this scenario is started with. */
  readonly seedData?: string;
  readonly prepare: (scene: Scene) => Promise<void>;
  readonly act: (scene: Scene, instance: Instance) => Promise<void>;
  /** More to expect after the round of cycles that follows. */
  readonly afterwards?: (scene: Scene) => Promise<void>;
}

export interface Scene {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly model: PresenceModel;
  readonly owner: Owner;
  readonly seedData: string | undefined;
  /** To be called once an instance said that it is ready: from then on everything is there that was to be merged. */
  readonly mergeIsDone: () => void;
}

/** Everybody who is registered in some scenario. */
const FLEET = ['well-1', 'well-2', 'bad-1', 'bad-2', 'bad-3', 'gone'];
const IDS = [...FLEET, 'seed-1', 'seed-2', 'old-1', 'old-2'];
const SEEDS = JSON.stringify({ mq_requests: [marked('seed-1', 'seed'), marked('seed-2', 'seed')] });
const ORIGINAL = JSON.stringify({
  mq_requests: [marked('old-1', 'old'), { ...marked('old-2', 'old'), failcount: 2 }],
});
/** Where the seeds and the document of the original are merged: ids and marks. */
const MERGED = [
  ['seed-1', 'seed'],
  ['seed-2', 'seed'],
  ['old-1', 'old'],
  ['old-2', 'old'],
] as const;
const urlOf = (id: string, mark: string): string => marked(id, mark).notify;
const BACKUP_OF_NOTHING = '{"mq_requests":[]}';

/** Prepares a scenario in a new world and starts the instance that `plan` is about; it has done nothing yet. */
export async function setScene(
  scenario: Scenario,
  plan: FaultPlan,
): Promise<{ readonly scene: Scene; readonly instance: Instance }> {
  const clock = createVirtualClock();
  const model = createPresenceModel();
  const { seedData } = scenario;
  const merging = seedData === undefined ? [] : MERGED.map(([id, mark]) => model.begin(id, urlOf(id, mark)));
  const scene: Scene = {
    world: createWorld({ clock }),
    clock,
    model,
    owner: createOwner(model),
    seedData,
    mergeIsDone: () => {
      for (const operation of merging.splice(0)) operation.end('certain');
    },
  };
  await scenario.prepare(scene);
  return { scene, instance: scene.world.start({ seedData, plan }) };
}

/** Expects that all registrations, and only those, are there that were acknowledged. */
export async function expectPresent({ world, model }: Scene): Promise<void> {
  const { records } = await readPlainly(world.objects);
  for (const id of IDS) {
    const found = records.get(id)?.notify;
    const possible = model.possible(id);
    expect({ id, found, possible: possible.includes(found) }).toEqual({ id, found, possible: true });
  }
}

/** Some are well, some failed up to the limit, and there is a snapshot. */
async function aFleet({ world, clock, owner }: Scene): Promise<void> {
  const instance = world.start();
  for (const id of FLEET) await owner.register(instance, id, 'first');
  world.failWhere((id) => id === 'gone' || id === 'bad-3');
  for (let cycle = 0; cycle < world.failurePolicy.failuresMax; cycle++) await instance.notify();
  world.failWhere((id) => id.startsWith('bad'));
  await instance.persist();
  clock.advance(1_000);
}

async function aFleetToLift(scene: Scene): Promise<void> {
  await aFleet(scene);
  scene.clock.advance(scene.world.failurePolicy.quarantineMs + 1);
}

async function aFleetToTidyUp(scene: Scene): Promise<void> {
  await aFleet(scene);
  const { owner, world } = scene;
  for (let backup = 10; backup < 35; backup++)
    await world.objects.put(`mq-observer/backups/2020-01-01T00-00-${backup}.000Z.json`, BACKUP_OF_NOTHING);
  const instance = world.start();
  await owner.unregister(instance, 'gone');
  await owner.register(instance, 'bad-3', 'anew');
}

async function anOriginal({ world }: Scene): Promise<void> {
  await world.objects.put('storeddata', ORIGINAL);
}

/** What an owner removed after the merge does not come back with the next instances. */
async function removeMerged(scene: Scene): Promise<void> {
  const { world, owner, seedData, mergeIsDone } = scene;
  mergeIsDone();
  await expectPresent(scene);
  const instance = world.start({ seedData });
  await owner.unregister(instance, 'seed-1');
  await owner.unregister(instance, 'old-1');
  for (const next of [world.start({ seedData }), world.start({ seedData })]) await next.persist();
  await expectPresent(scene);
}

const asCycle =
  (run: (instance: Instance) => Promise<unknown>): Scenario['act'] =>
  async (_scene, instance) =>
    void (await answerOf(instance, run(instance)));

/** Every kind of operation that writes. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a notify cycle with failures to record',
    prepare: aFleet,
    act: asCycle((instance) => instance.notify('tick#1')),
    afterwards: async ({ world }) => {
      const plain = await readPlainly(world.objects);
      for (const id of ['bad-1', 'bad-2']) expect(learnedOf(plain, id)?.failures).toBeGreaterThanOrEqual(1);
      expect(learnedOf(plain, 'well-1')).toBeUndefined();
    },
  },
  {
    name: 'a restore cycle with quarantines to lift',
    prepare: aFleetToLift,
    act: asCycle((instance) => instance.restore()),
    afterwards: async ({ world }) => {
      const plain = await readPlainly(world.objects);
      expect(learnedOf(plain, 'gone')?.quarantinedUntilMs).toBeUndefined();
    },
  },
  {
    name: 'a persist cycle with state to forget and backups to delete',
    prepare: aFleetToTidyUp,
    act: asCycle((instance) => instance.persist()),
  },
  {
    name: 'the merge of seeds and of the document of the original',
    seedData: SEEDS,
    prepare: anOriginal,
    act: asCycle((instance) => instance.store.merge.ready()),
    afterwards: removeMerged,
  },
  {
    name: 'a registration',
    prepare: aFleet,
    act: async ({ owner }, instance) => {
      const ready = await answerOf(instance, instance.store.merge.ready());
      if (ready.kind === 'answered') await owner.register(instance, 'well-1', 'second');
    },
  },
  {
    name: 'an unregistration',
    prepare: aFleet,
    act: ({ owner }, instance) => owner.unregister(instance, 'bad-3'),
  },
  {
    name: 'a flush',
    prepare: aFleet,
    act: ({ owner }, instance) => owner.flush(instance, FLEET),
  },
  {
    name: 'an import',
    prepare: aFleet,
    act: ({ owner }, instance) => owner.importDocument(instance, ORIGINAL),
    afterwards: async (scene) => {
      await scene.owner.importDocument(scene.world.start(), ORIGINAL);
      await expectPresent(scene);
    },
  },
];
