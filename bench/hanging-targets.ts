import { createMemoryObjectStore } from '../lib/object-store/memory/memory-object-store.ts';
import { atMost, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { newInstance } from './support/bucket.ts';
import { queueManagerNames, register } from './support/fleet-plan.ts';
import { createFleet, type Fleet } from './support/fleet.ts';
import { inTurns } from './support/in-turns.ts';
import { depthsInMemory } from './support/mq.ts';
import { hostNames, startSink } from './support/sink.ts';

const HOSTS = 1_000;
const LEARN_MS = 300;

/** When the last healthy target was woken, of as many hosts as registrations, some of which hang. */
export const hangingTargets: Section = {
  name: 'hanging-targets',
  title: 'Targets that hang: 1,000 registrations, each on a host of its own',
  measure: async ({ rounds }): Promise<Findings> => {
    const sink = await startSink();
    const [none, few, many] = [
      await sceneOf(sink.port, 0),
      await sceneOf(sink.port, 0.01),
      await sceneOf(sink.port, 0.2),
    ];
    const lastMs =
      ({ fleet, healthy }: Scene) =>
      async () =>
        (await fleet.cycle(healthy)).lastWokenMs;
    try {
      const took = await inTurns(2 * rounds, { none: lastMs(none), few: lastMs(few), many: lastMs(many) });
      const baseline = { name: 'none hanging', values: took.none };
      const common = { unit: 'ms', baseline };
      return {
        figures: [
          figureOf({
            ...{ ...common, name: 'last healthy target woken, 1 % hang', ours: took.few },
            target: atMost(1.15),
          }),
          figureOf({
            ...{ ...common, name: 'last healthy target woken, 20 % hang', ours: took.many },
            target: atMost(1.3),
          }),
        ],
      };
    } finally {
      for (const { fleet } of [none, few, many]) fleet.close();
      await sink.stop();
    }
  },
};

interface Scene {
  readonly fleet: Fleet;
  readonly healthy: number;
}

/** In a first cycle those that hang time out, and so become known. */
async function sceneOf(port: number, hangingPart: number): Promise<Scene> {
  const healthy = Math.round(HOSTS * (1 - hangingPart));
  const queueManagers = queueManagerNames('QM', 10);
  const store = newInstance(createMemoryObjectStore());
  const hosts = [...hostNames('h', healthy), ...hostNames('hang', HOSTS - healthy)];
  await register(store, { registrations: HOSTS, queueManagers, queues: 100, hosts, port });
  const fleet = createFleet({
    ...{ store, mode: 'cloudevents', atOnce: 128, perHost: 8 },
    queues: depthsInMemory(queueManagers, 'messages'),
  });
  fleet.waitForHanging(LEARN_MS);
  await fleet.cycle();
  fleet.waitForHanging(60_000);
  return { fleet, healthy };
}
