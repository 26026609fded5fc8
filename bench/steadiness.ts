import { atMost, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { runCycles } from './support/cycles.ts';
import { queueManagerNames } from './support/fleet-plan.ts';
import { hostNames, startSink } from './support/sink.ts';

/** Connections to 16 hosts, 8 to each, to 10 queue managers, and to the bucket up to 64. */
const CONNECTIONS_MAX = 16 * 8 + 10 + 64;

/** What an instance holds after many cycles, beside what it held after a few. */
export const steadiness: Section = {
  name: 'steadiness',
  title: 'After 200 cycles: 1,000 registrations on 10 queue managers, all of them woken each time',
  measure: async ({ quick }): Promise<Findings> => {
    const sink = await startSink();
    const cycles = quick ? 50 : 200;
    try {
      const { sizes } = await runCycles(
        {
          ...{ registrations: 1_000, queueManagers: queueManagerNames('QM', 10), queues: 100 },
          ...{ hosts: hostNames('h', 16), port: sink.port },
        },
        { cycles, sizesAfter: [10, cycles] },
      );
      const [few, many] = sizes;
      if (few === undefined || many === undefined) throw new Error('the cycles told no sizes');
      const after = (name: string): string => `${name} after ${cycles} cycles`;
      const before = (value: number) => ({ name: 'after 10', values: [value] });
      return {
        figures: [
          figureOf({
            ...{ name: after('descriptors, without sockets,'), unit: '', ours: [many.descriptors] },
            ...{ baseline: before(few.descriptors), target: atMost(1) },
          }),
          figureOf({
            ...{ name: after('sockets'), unit: '', ours: [many.sockets], target: atMost(1) },
            baseline: { name: 'limits of connections', values: [CONNECTIONS_MAX] },
          }),
          figureOf({
            ...{ name: after('resident memory'), unit: 'MB', ours: [many.residentMb] },
            ...{ baseline: before(few.residentMb), target: atMost(1.1) },
          }),
          figureOf({
            ...{ name: after('heap'), unit: 'MB', ours: [many.heapMb] },
            ...{ baseline: before(few.heapMb), target: atMost(1.1) },
          }),
        ],
      };
    } finally {
      await sink.stop();
    }
  },
};
