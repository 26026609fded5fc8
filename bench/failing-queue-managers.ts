import { createMemoryObjectStore } from '../lib/object-store/memory/memory-object-store.ts';
import { atMost, exactly, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { newInstance } from './support/bucket.ts';
import { queueManagerNames, register } from './support/fleet-plan.ts';
import { createFleet } from './support/fleet.ts';
import { inTurns } from './support/in-turns.ts';
import { sinkQueueManagers } from './support/mq.ts';
import { hostNames, startSink, type Sink } from './support/sink.ts';

const HEALTHY = 9;
const ON_EACH = 1_000;
const TIMEOUT_MS = 1_000;

/** How the one that differs answers; one that holds nothing has nobody woken, as one that fails. */
type Kind = 'IDLE' | 'FAIL' | 'HANG';

/** How often a queue manager is asked that fails or hangs, and what that costs those that do not. */
export const failingQueueManagers: Section = {
  name: 'failing-queue-managers',
  title: 'A queue manager that fails or hangs, beside 9 that do not; 1,000 registrations on each',
  measure: async ({ rounds }): Promise<Findings> => {
    const sink = await startSink();
    const scenes = {
      well: await sceneOf(sink, 'IDLE'),
      fails: await sceneOf(sink, 'FAIL'),
      hangs: await sceneOf(sink, 'HANG'),
    };
    try {
      const took = await inTurns(2 * rounds, {
        well: scenes.well.cycle,
        fails: scenes.fails.cycle,
        hangs: scenes.hangs.cycle,
      });
      const known = { name: 'it answers, and holds nothing', values: took.well };
      return {
        figures: (['fails', 'hangs'] as const).flatMap((kind) => [
          figureOf({
            ...{
              name: `queries for depths to one that ${kind}, each cycle`,
              unit: 'queries',
              ours: scenes[kind].queries(),
            },
            baseline: { name: 'one', values: [1] },
            target: exactly(1),
          }),
          figureOf({
            ...{ name: `last target of the others woken, one ${kind}`, unit: 'ms', ours: took[kind] },
            ...{ baseline: known, target: atMost(1.05) },
          }),
        ]),
      };
    } finally {
      for (const { close } of Object.values(scenes)) close();
      await sink.stop();
    }
  },
};

interface Scene {
  /** Runs one, and gives when the last target of the healthy ones was woken. */
  readonly cycle: () => Promise<number>;
  /** To the queue manager that differs, cycle by cycle. */
  readonly queries: () => readonly number[];
  readonly close: () => void;
}

async function sceneOf(sink: Sink, kind: Kind): Promise<Scene> {
  const different = `${kind}.ONE`;
  const names = [...queueManagerNames('QM', HEALTHY), different];
  const store = newInstance(createMemoryObjectStore());
  await register(store, {
    ...{ registrations: names.length * ON_EACH, queueManagers: names, queues: 100 },
    ...{ hosts: hostNames('h', 16), port: sink.port },
  });
  const queues = sinkQueueManagers(sink.port, names, TIMEOUT_MS);
  const fleet = createFleet({ store, queues, mode: 'cloudevents', atOnce: 64, perHost: 8 });
  const counts: number[] = [];
  return {
    cycle: async () => {
      await sink.queries();
      const { lastWokenMs } = await fleet.cycle();
      counts.push((await sink.queries())[different] ?? 0);
      return lastWokenMs;
    },
    queries: () => counts,
    close: () => {
      fleet.close();
      queues.close();
    },
  };
}
