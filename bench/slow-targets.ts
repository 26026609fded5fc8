import { createMemoryObjectStore } from '../lib/object-store/memory/memory-object-store.ts';
import { atLeast, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { undiciPosts } from './support/bare-posts.ts';
import { delayed, newInstance } from './support/bucket.ts';
import { queueManagerNames, register } from './support/fleet-plan.ts';
import { createFleet } from './support/fleet.ts';
import { inTurns, tookMs } from './support/in-turns.ts';
import { depthsInMemory } from './support/mq.ts';
import { hostNames, startSink } from './support/sink.ts';

const REGISTRATIONS = 1_000;
const STORE_MS = 20;
/** One after another each takes as long as any other: a part of them shows how many there are in a second. */
const ONE_BY_ONE = 200;

/** What waits is waited for at the same time: a whole warm cycle beside one wake-up after another. */
export const slowTargets: Section = {
  name: 'slow-targets',
  title: 'Targets that answer in 20 ms: 1,000 registrations, a store that answers in 20 ms, warm',
  measure: async ({ rounds }): Promise<Findings> => {
    const sink = await startSink();
    const objects = createMemoryObjectStore();
    const queueManagers = queueManagerNames('QM', 10);
    await register(newInstance(objects), {
      ...{ registrations: REGISTRATIONS, queueManagers, queues: 100 },
      ...{ hosts: hostNames('late', 64), port: sink.port },
    });
    const fleet = createFleet({
      ...{ store: newInstance(delayed(objects, STORE_MS)), mode: 'cloudevents', atOnce: 128, perHost: 8 },
      queues: depthsInMemory(queueManagers, 'messages'),
    });
    const bare = undiciPosts(sink.port, 'late.test', 1);
    const rateOf = async (count: number, work: () => Promise<unknown>): Promise<number> =>
      (count * 1000) / (await tookMs(work));
    try {
      const rates = await inTurns(rounds, {
        sequence: () => rateOf(ONE_BY_ONE, () => bare.post(ONE_BY_ONE, 1)),
        cycle: () => rateOf(REGISTRATIONS, () => fleet.cycle()),
      });
      return {
        figures: [
          figureOf({
            ...{ name: 'whole cycle, 128 in flight', unit: 'wake-ups/s', ours: rates.cycle },
            baseline: { name: 'one after another, as the original does', values: rates.sequence },
            target: atLeast(60, 100),
          }),
        ],
      };
    } finally {
      for (const { close } of [fleet, bare]) close();
      await sink.stop();
    }
  },
};
