import { chartSvg } from './form/chart.ts';
import { figureOf } from './form/figure.ts';
import type { Curve } from './form/results.ts';
import { fitGrowth } from './form/statistics.ts';
import type { Findings, Section } from './section.ts';
import { runCycles, warmMedian, type CyclesTold } from './support/cycles.ts';
import { queueManagerNames } from './support/fleet-plan.ts';
import { hostNames, startSink } from './support/sink.ts';

/** What grows, and what is seen of it: by the name of the picture. */
const MEASURES = [
  {
    file: 'time',
    label: 'cycle time',
    unit: 'ms',
    of: (told: CyclesTold) => warmMedian(told, (c) => c.wallMs),
  },
  { file: 'cpu', label: 'CPU', unit: 'ms', of: (told: CyclesTold) => warmMedian(told, (c) => c.cpuMs) },
  {
    ...{ file: 'requests', label: 'requests to store and queue managers', unit: '' },
    of: (told: CyclesTold) => warmMedian(told, (c) => c.storeRequests + c.queueManagers),
  },
  {
    ...{ file: 'memory', label: 'largest resident memory', unit: 'MB' },
    of: ({ sizes }: CyclesTold) => sizes.at(-1)?.residentMaxMb ?? Number.NaN,
  },
] as const;

/** Whether somebody has to be woken. */
const SCENES = [
  { name: 'all woken', prefix: 'QM' },
  { name: 'nothing to do', prefix: 'IDLE' },
] as const;

interface Sweep {
  readonly name: string;
  readonly of: string;
  readonly sizes: readonly number[];
  readonly fleet: (size: number) => { readonly registrations: number; readonly queueManagers: number };
}

/** How the cost of a warm cycle grows with registrations and with queue managers. */
export const growth: Section = {
  name: 'growth',
  title: 'How the cost of a warm cycle grows',
  measure: async ({ quick }): Promise<Findings> => {
    const cycles = quick ? 3 : 5;
    const registrations = quick ? 1_000 : 10_000;
    const found = [
      await measureSweep(
        {
          ...{ name: 'registrations', of: 'registrations on 10 queue managers' },
          sizes: quick ? [100, 1_000, 10_000] : [100, 1_000, 10_000, 100_000],
          fleet: (size) => ({ registrations: size, queueManagers: 10 }),
        },
        cycles,
      ),
      await measureSweep(
        {
          ...{
            name: 'queue-managers',
            of: `queue managers with ${registrations.toLocaleString('en')} registrations`,
          },
          sizes: [1, 10, 100, 1_000],
          fleet: (size) => ({ registrations, queueManagers: size }),
        },
        cycles,
      ),
    ];
    return {
      figures: found.flatMap(({ figures }) => figures),
      curves: found.flatMap(({ curves }) => curves),
      pictures: Object.fromEntries(found.flatMap(({ pictures }) => Object.entries(pictures))),
    };
  },
};

/** Cycles at every size, with everybody to wake and with nobody. */
async function measureSweep(sweep: Sweep, cycles: number): Promise<Required<Findings>> {
  const sink = await startSink();
  try {
    const told = new Map<string, CyclesTold[]>(SCENES.map(({ name }) => [name, []]));
    for (const size of sweep.sizes)
      for (const { name, prefix } of SCENES) {
        const { registrations, queueManagers } = sweep.fleet(size);
        const plan = {
          ...{ registrations, queueManagers: queueManagerNames(prefix, queueManagers), queues: 100 },
          ...{ hosts: hostNames('h', 64), port: sink.port },
        };
        told.get(name)?.push(await runCycles(plan, { cycles, sizesAfter: [cycles] }));
      }
    return findingsOf(sweep, told);
  } finally {
    await sink.stop();
  }
}

function findingsOf(sweep: Sweep, told: ReadonlyMap<string, readonly CyclesTold[]>): Required<Findings> {
  const curves = MEASURES.map((measure) =>
    SCENES.map(({ name }) => curveOf(sweep, measure, name, told.get(name) ?? [])),
  );
  return {
    curves: curves.flat(),
    figures: curves.flat().map(({ name, of, exponent }) =>
      figureOf({
        ...{ name: `${name}, by ${of}`, unit: 'exponent', ours: [exponent] },
        baseline: { name: 'in proportion', values: [1] },
      }),
    ),
    pictures: Object.fromEntries(
      MEASURES.map(({ file, label, unit }, index) => [
        `${sweep.name}-${file}.svg`,
        chartSvg({
          title: `${capitalised(label)} of a warm cycle`,
          xLabel: sweep.of,
          yLabel: unit === '' ? label : `${label}, ${unit}`,
          series: (curves[index] ?? []).map(({ points }, scene) => ({
            name: SCENES[scene]?.name ?? '',
            points,
          })),
        }),
      ]),
    ),
  };
}

function curveOf(
  { of, sizes }: Sweep,
  measure: (typeof MEASURES)[number],
  scene: string,
  told: readonly CyclesTold[],
): Curve {
  const points = sizes.map((x, index) => {
    const one = told[index];
    return { x, y: one === undefined ? Number.NaN : measure.of(one) };
  });
  const { exponent } = fitGrowth(points);
  return { name: `${measure.label}, ${scene}`, unit: measure.unit, of, points, exponent };
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
