import { atMost, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { newInstance, standInBucket } from './support/bucket.ts';
import { cpuMs } from './support/cpu.ts';
import { queueManagerNames } from './support/fleet-plan.ts';
import { createFleet } from './support/fleet.ts';
import { inTurns, tookMs } from './support/in-turns.ts';
import { keysBelow } from './support/keys-below.ts';
import { depthsInMemory } from './support/mq.ts';
import { startProgram } from './support/programs.ts';

const REGISTRATIONS = 10_000;

/** What a warm notify cycle costs that has nobody to wake, beside a bare LIST of the same keys. */
export const idleCycle: Section = {
  name: 'idle-cycle',
  title: 'A warm notify cycle with nothing to do: 10,000 registrations on 10 queue managers',
  measure: async ({ rounds }): Promise<Findings> => {
    const queueManagers = queueManagerNames('IDLE', 10);
    const plan = {
      registrations: REGISTRATIONS,
      queueManagers,
      queues: 100,
      hosts: ['app.example'],
      port: 443,
    };
    const server = await startProgram<string>('bucket-server', { plan });
    const objects = standInBucket(server.told);
    const fleet = createFleet({
      ...{ store: newInstance(objects), mode: 'cloudevents', atOnce: 128, perHost: 8 },
      queues: depthsInMemory(queueManagers, 'nothing'),
    });
    const cpu: Record<'list' | 'cycle', number[]> = { list: [], cycle: [] };
    const watched = (name: 'list' | 'cycle', work: () => Promise<unknown>) => async () => {
      const before = cpuMs();
      const ms = await tookMs(work);
      cpu[name].push(cpuMs() - before);
      return ms;
    };
    try {
      // More often than others: each takes a moment only.
      const wall = await inTurns(4 * rounds, {
        list: watched('list', () => keysBelow(objects, 'mq-observer/registrations/')),
        cycle: watched('cycle', () => fleet.cycle()),
      });
      const [, ...listCpu] = cpu.list;
      const [, ...cycleCpu] = cpu.cycle;
      const target = atMost(1.5);
      return {
        figures: [
          figureOf({
            ...{ name: 'whole cycle, wall', unit: 'ms', ours: wall.cycle, target },
            baseline: { name: 'bare LIST, wall', values: wall.list },
          }),
          figureOf({
            ...{ name: 'whole cycle, CPU', unit: 'ms', ours: cycleCpu, target },
            baseline: { name: 'bare LIST, CPU', values: listCpu },
          }),
        ],
      };
    } finally {
      fleet.close();
      await server.stop();
    }
  },
};
