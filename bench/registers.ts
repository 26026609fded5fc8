import { startS3Cluster } from '../test/support/s3-cluster.ts';
import { atLeast, atMost, figureOf, type Figure } from './form/figure.ts';
import type { Effort, Findings, Section } from './section.ts';
import { delayed, newBucket, newInstance, standInBucket } from './support/bucket.ts';
import { startProgram } from './support/programs.ts';
import {
  barePut,
  intoStore,
  loadOf,
  oneDocument,
  type Register,
  type RegisterLoad,
} from './support/register-load.ts';

const CALLERS = [16, 64];
const DELAYS_MS = [10, 30];

/** Registers per second beside bare PUTs, where each answer of the store takes its time. */
export const registers: Section = {
  name: 'registers',
  title: 'Registering, into a store whose answers take 10 ms and 30 ms',
  measure: async (effort): Promise<Findings> => {
    const server = await startProgram<string>('bucket-server');
    try {
      const figures: Figure[] = [];
      for (const delayMs of DELAYS_MS)
        for (const callers of CALLERS) {
          const objects = delayed(standInBucket(server.told), delayMs);
          const loads = await roundsOf(effort, callers, {
            bare: async () => barePut(objects),
            ours: async () => intoStore(newInstance(objects)),
          });
          figures.push(...besideBarePuts(`${callers} callers, store ${delayMs} ms`, loads.bare, loads.ours));
        }
      return { figures };
    } finally {
      await server.stop();
    }
  },
};

/** The same on a real server; and beside one document under compare-and-set, as a store with one file would have it. */
export const registersS3: Section = {
  name: 'registers-s3',
  title: 'Registering, on a real S3 server',
  needsS3: true,
  measure: async (effort): Promise<Findings> => {
    const server = await startS3Cluster();
    try {
      const figures: Figure[] = [];
      for (const callers of CALLERS) {
        const loads = await roundsOf(effort, callers, {
          bare: async () => barePut(await newBucket(server)),
          document: async () => oneDocument(await newBucket(server)),
          ours: async () => intoStore(newInstance(await newBucket(server))),
        });
        figures.push(
          ...besideBarePuts(`${callers} callers`, loads.bare, loads.ours),
          figureOf({
            ...{ name: `registers, ${callers} callers`, unit: 'registers/s', ours: rates(loads.ours) },
            baseline: { name: 'one document, compare-and-set', values: rates(loads.document) },
          }),
        );
      }
      return { figures };
    } finally {
      await server.stop();
    }
  },
};

/** Loads in turns, the first of each uncounted. */
async function roundsOf<N extends string>(
  { quick, rounds }: Effort,
  callers: number,
  ways: Readonly<Record<N, () => Promise<Register>>>,
): Promise<Readonly<Record<N, readonly RegisterLoad[]>>> {
  const names = Object.keys(ways) as N[];
  const loads = Object.fromEntries(names.map((name) => [name, [] as RegisterLoad[]])) as Record<
    N,
    RegisterLoad[]
  >;
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      const load = await loadOf(callers, quick || round === 0 ? 700 : 2_000, await ways[name]());
      if (round > 0) loads[name].push(load);
    }
  return loads;
}

function besideBarePuts(
  what: string,
  bare: readonly RegisterLoad[],
  ours: readonly RegisterLoad[],
): readonly Figure[] {
  return [
    figureOf({
      ...{ name: `registers, ${what}`, unit: 'registers/s', ours: rates(ours) },
      ...{ baseline: { name: 'bare PUTs', values: rates(bare) }, target: atLeast(0.8) },
    }),
    figureOf({
      ...{ name: `p99 of a register, ${what}`, unit: 'ms', ours: ours.map(({ p99Ms }) => p99Ms) },
      ...{
        baseline: { name: 'p99 of a bare PUT', values: bare.map(({ p99Ms }) => p99Ms) },
        target: atMost(1.5),
      },
    }),
  ];
}

function rates(loads: readonly RegisterLoad[]): readonly number[] {
  return loads.map(({ perSecond }) => perSecond);
}
