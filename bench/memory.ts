import { atMost, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import type { CyclesTold } from './support/cycles.ts';
import { queueManagerNames, type FleetPlan } from './support/fleet-plan.ts';
import type { ProcessSize } from './support/process-size.ts';
import { runProgram, startProgram } from './support/programs.ts';
import { hostNames, startSink } from './support/sink.ts';

/**
 * What the heap may take. Without a limit V8 lets garbage stand until it is several times what is alive, which says how much
 * memory there was, and not how much was needed.
 */
const HEAP_LIMIT_MB = 384;
const LIMITED = ['--expose-gc', `--max-old-space-size=${HEAP_LIMIT_MB}`];

/** What a cycle may take of an instance with 1 GB, so that there is as much again for what was not thought of. */
const LIMIT_MB = 512;

const LIMIT_SAID = `heap limited to ${HEAP_LIMIT_MB} MB`;

/** Memory of whole cycles that wake everybody, beside the same registrations parsed, and nothing else; a process for each. */
export const memory: Section = {
  name: 'memory',
  title: 'Memory: 100,000 registrations on 1,000 queue managers, all of them woken',
  measure: async ({ quick }): Promise<Findings> => {
    const sink = await startSink();
    const plan: FleetPlan = {
      registrations: quick ? 10_000 : 100_000,
      queueManagers: queueManagerNames('QM', quick ? 100 : 1_000),
      ...{ queues: 100, hosts: hostNames('h', 64), port: sink.port },
    };
    const server = await startProgram<string>('bucket-server', { plan });
    try {
      const records: ProcessSize[] = [];
      const cycles: ProcessSize[] = [];
      for (let round = 0; round < (quick ? 1 : 3); round++) {
        records.push(await sizeOfRecords(server.told));
        cycles.push(await sizeAfterCycles(server.told, plan, LIMITED));
      }
      const unlimited = await sizeAfterCycles(server.told, plan, ['--expose-gc']);
      const largest = cycles.map(({ residentMaxMb }) => residentMaxMb);
      const common = { unit: 'MB', target: atMost(3) };
      return {
        figures: [
          figureOf({
            ...{ ...common, name: `largest resident memory of two cycles, ${LIMIT_SAID}`, ours: largest },
            baseline: {
              name: 'parsed registrations',
              values: records.map(({ residentMaxMb }) => residentMaxMb),
            },
          }),
          figureOf({
            ...{ ...common, name: 'heap kept after two cycles', ours: cycles.map(({ heapMb }) => heapMb) },
            baseline: { name: 'parsed registrations', values: records.map(({ heapMb }) => heapMb) },
          }),
          figureOf({
            ...{ ...common, name: `the same, ${LIMIT_SAID}`, ours: largest, target: atMost(1) },
            baseline: { name: 'half of an instance of 1 GB', values: [LIMIT_MB] },
          }),
          figureOf({
            ...{ unit: 'MB', name: 'the same without a limit of the heap', ours: [unlimited.residentMaxMb] },
            baseline: { name: 'with it', values: largest },
          }),
        ],
      };
    } finally {
      await server.stop();
      await sink.stop();
    }
  },
};

async function sizeOfRecords(url: string): Promise<ProcessSize> {
  const { size } = await runProgram<{ readonly size: ProcessSize }>(
    'records',
    { url },
    { execArgv: LIMITED },
  );
  return size;
}

async function sizeAfterCycles(
  url: string,
  plan: FleetPlan,
  execArgv: readonly string[],
): Promise<ProcessSize> {
  const { port, queueManagers, registrations } = plan;
  const given = { url, port, queueManagers, cycles: 2, sizesAfter: [2], patienceMs: 60_000 };
  const { cycles, sizes } = await runProgram<CyclesTold>('cycles', given, { execArgv });
  const [size] = sizes;
  if (size === undefined || cycles.some(({ woken }) => woken !== registrations))
    throw new Error(`woke ${cycles.map(({ woken }) => woken).join(', ')} of ${registrations}`);
  return size;
}
