import { setTimeout as sleep } from 'node:timers/promises';
import type { NotifyReport } from '../lib/cycle/report.ts';
import { atMost, exactly, figureOf, type Figure } from './form/figure.ts';
import { median } from './form/statistics.ts';
import type { Findings, Section } from './section.ts';
import { STAND_IN_BUCKET, STAND_IN_KEYS } from './support/bucket.ts';
import { queueManagerNames, type FleetPlan } from './support/fleet-plan.ts';
import { startPlatform, type Call, type Platform } from './support/platform.ts';
import { startProgram } from './support/programs.ts';
import { startSink, type Sink } from './support/sink.ts';

const RANGES = 16;
const ON_PAPER = 1_000_000;
/** What one invocation has for reading and waking, of the platform's 120 s. */
const RANGE_MS = 95_000;
/** A lease of an instance that died has run out by then. */
const NEXT_CYCLE_MS = 125_000;
const KILLED = '5-5';

/** A cycle that is split, over instances in processes of their own that share a bucket; a tenth is woken each time. */
export const fanOut: Section = {
  name: 'fan-out',
  title: 'A cycle in 16 ranges: 200,000 registrations on 10 queue managers, 17 instances, one is killed',
  measure: async ({ quick }): Promise<Findings> => {
    const registrations = quick ? 20_000 : 200_000;
    const sink = await startSink();
    const queueManagers = queueManagerNames('QM', 10);
    const plan = { registrations, queueManagers, queues: 1_000, hosts: ['127.0.0.1'], port: sink.port };
    const bucket = await startProgram<string>('bucket-server', { plan });
    const platform = await startPlatform(RANGES + 1, (url) => settingsOf(url, bucket.told, plan));
    try {
      // The first finds out how many there are, on instances that know nothing.
      await runCycle(platform);
      const runs: Run[] = [];
      for (let round = 0; round < (quick ? 1 : 2); round++) runs.push(await runOne(platform, sink));
      const figures = [...figuresOf(runs, plan), ...(quick ? [] : await figuresOfKill(platform, runs, plan))];
      return { figures };
    } finally {
      await platform.stop();
      await bucket.stop();
      await sink.stop();
    }
  },
};

function settingsOf(
  url: string,
  endpoints: string,
  { registrations, queueManagers, port }: FleetPlan,
): Record<string, string> {
  const { accessKeyId, secretAccessKey } = STAND_IN_KEYS;
  const slots = queueManagers.flatMap((qmgr, index) => [
    [`QMGR${index}`, qmgr],
    [`MQ_REST_HOST${index}`, 'http://127.0.0.1'],
    [`MQ_REST_PORT${index}`, String(port)],
    [`ADMIN_USER${index}`, 'reader'],
    [`ADMIN_PASSWORD${index}`, 'reader'],
    [`API${index}`, 'v1'],
  ]);
  return {
    ...(Object.fromEntries(slots) as Record<string, string>),
    ...{ bucket: STAND_IN_BUCKET, endpoints, COS_ETAG_QUOTES: 'keep' },
    ...{ COS_ACCESS_KEY_ID: accessKeyId, COS_SECRET_ACCESS_KEY: secretAccessKey },
    ...{ ALLOW_ANONYMOUS: '1', ALLOW_TARGETS: '127.0.0.0/8', LOG_LEVEL: 'error' },
    ...{ DELIVERY_CONCURRENCY: '128', DELIVERY_PER_HOST: '128' },
    ...{ ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'), FANOUT_URL: url },
    FANOUT_REGISTRATIONS: String(Math.ceil(registrations / RANGES)),
  };
}

interface Run {
  readonly report: NotifyReport;
  readonly coordinator: Call;
  readonly ranges: readonly Call[];
  /** To the queue manager that was asked most often. */
  readonly queriesMax: number;
}

async function runCycle(platform: Platform): Promise<NotifyReport> {
  const report = (await platform.call()) as Partial<NotifyReport>;
  if (report.ranges?.length !== RANGES)
    throw new Error(`not split into ${RANGES}: ${JSON.stringify(report).slice(0, 1_000)}`);
  return report as NotifyReport;
}

async function runOne(platform: Platform, sink: Sink): Promise<Run> {
  platform.takeCalls();
  await sink.queries();
  const report = await runCycle(platform);
  const calls = platform.takeCalls();
  const coordinator = calls.find(({ range }) => range === undefined);
  if (coordinator === undefined) throw new Error('the coordinator was not seen');
  const ranges = calls.filter(({ range }) => range !== undefined);
  return { report, coordinator, ranges, queriesMax: Math.max(...Object.values(await sink.queries())) };
}

function figuresOf(runs: readonly Run[], { registrations }: FleetPlan): readonly Figure[] {
  const ofRanges = (of: (call: Call) => number) => runs.map(({ ranges }) => median(ranges.map(of)));
  const coordinatorMs = runs.map(({ coordinator }) => coordinator.cpuMs / RANGES);
  // On the platform each has a processor of its own: then its CPU is its time, but for what it waits.
  const eachMs = ofRanges(({ cpuMs }) => cpuMs).map((ms) => ms / (registrations / RANGES));
  return [
    figureOf({
      ...{ name: 'registrations looked at', unit: '', target: exactly(1) },
      ...{
        baseline: { name: 'registered', values: [registrations] },
        ours: runs.map((run) => run.report.registrations.total),
      },
    }),
    figureOf({
      ...{
        name: 'queries for depths to each queue manager, each cycle',
        unit: 'queries',
        target: exactly(1),
      },
      ...{ baseline: { name: 'one', values: [1] }, ours: runs.map((run) => run.queriesMax) },
    }),
    figureOf({
      ...{ name: 'CPU of the coordinator, for each range', unit: 'ms', ours: coordinatorMs },
      baseline: { name: 'CPU of a range', values: ofRanges(({ cpuMs }) => cpuMs) },
    }),
    figureOf({
      ...{ name: 'whole cycle', unit: 'ms', ours: runs.map(({ coordinator }) => coordinator.wallMs) },
      baseline: {
        name: 'its longest range',
        values: runs.map(({ ranges }) => Math.max(...ranges.map(({ wallMs }) => wallMs))),
      },
    }),
    figureOf({
      ...{
        name: 'memory of the coordinator',
        unit: 'MB',
        ours: runs.map((run) => run.coordinator.residentMaxMb),
      },
      baseline: { name: 'memory of a range', values: ofRanges(({ residentMaxMb }) => residentMaxMb) },
    }),
    figureOf({
      ...{
        name: 'CPU of a range with 1,000,000 registrations in all, on paper',
        unit: 'ms',
        target: atMost(1),
      },
      ...{
        baseline: { name: 'time of a range', values: [RANGE_MS] },
        ours: eachMs.map((ms) => (ms * ON_PAPER) / RANGES),
      },
    }),
  ];
}

/** One instance dies in the middle of its range; the cycle after its lease has run out looks at its registrations again. */
async function figuresOfKill(
  platform: Platform,
  runs: readonly Run[],
  { registrations }: FleetPlan,
): Promise<readonly Figure[]> {
  const usualMs = median(runs.flatMap(({ ranges }) => ranges.map(({ wallMs }) => wallMs)));
  platform.killServing(KILLED, usualMs / 2);
  const killed = await runCycle(platform);
  const lost = killed.ranges?.filter(({ outcome }) => outcome === 'unanswered') ?? [];
  await sleep(NEXT_CYCLE_MS);
  const next = await runCycle(platform);
  return [
    figureOf({
      ...{ name: 'ranges not served when an instance is killed', unit: '', ours: [lost.length] },
      ...{ baseline: { name: 'its own', values: [1] }, target: exactly(1) },
    }),
    figureOf({
      ...{ name: 'registrations looked at by the next cycle', unit: '', ours: [next.registrations.total] },
      ...{ baseline: { name: 'registered', values: [registrations] }, target: exactly(1) },
    }),
  ];
}
