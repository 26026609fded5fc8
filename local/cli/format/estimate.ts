import type { Estimate } from '../estimate/estimate.ts';
import { BILLED, type Billed, type Figures } from '../estimate/figures.ts';
import type { Workload } from '../estimate/workload.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

const IN_WORDS: Readonly<Record<Billed, string>> = {
  class_a: 'class A: PUT, LIST',
  class_b: 'class B: GET',
  vcpu_seconds: 'vCPU seconds',
  gb_seconds: 'GB seconds',
  calls: 'calls',
};

/** An estimate for people: by function, by what is billed, and what was assumed. */
export function formatEstimate(
  estimated: Estimate,
  workload: Workload,
  figures: Figures,
  style: Style,
): string {
  const { billed, dollars } = estimated;
  const functions = formatTable(
    ['FUNCTION', 'TIMES', 'A EACH', 'B EACH', 'SECONDS EACH', 'A', 'B', 'VCPU S', 'GB S'],
    estimated.functions.map(({ function: name, times, requests, seconds, billed: of }) => [
      ...[name, whole(times), tenths(requests.puts + requests.lists), tenths(requests.gets), tenths(seconds)],
      ...[whole(of.class_a), whole(of.class_b), whole(of.vcpu_seconds), whole(of.gb_seconds)],
    ]),
    style,
  );
  const costs = formatTable(
    ['BILLED IN 30 DAYS', 'AMOUNT', 'FREE', 'DOLLARS'],
    [
      ...BILLED.map((what) => [
        ...[IN_WORDS[what], whole(billed[what]), whole(figures.free_per_month[what]), cents(dollars[what])],
      ]),
      ['together', '', '', cents(estimated.dollars_together)],
      ['with nothing free', '', '', cents(estimated.dollars_nothing_free)],
    ],
    style,
  );
  const warnings = estimated.warnings.map((warning) => style(warning, 'warning'));
  return [functions, costs, [...assumptions(estimated, workload, figures), ...warnings].join('\n')].join(
    '\n\n',
  );
}

function assumptions(
  { ranges, queue_manager_requests }: Estimate,
  { changesPerDay, wakeUpsPerDay, fanOutRegistrations, warm }: Workload,
  { date }: Figures,
): readonly string[] {
  const above = `${whole(fanOutRegistrations)} registrations`;
  return [
    `Each day ${whole(changesPerDay)} registered and ${whole(wakeUpsPerDay)} woken, spread evenly; ${whole(queue_manager_requests)} requests to queue managers.`,
    warm
      ? 'Instances are warm and your own: none is billed.'
      : 'Every run starts cold. All runs and calls are counted as calls.',
    ranges === 1
      ? `Not split: up to ${above}.`
      : `Split into ${ranges} ranges: above ${above}, with FANOUT_URL set.`,
    `Prices: examples of ${date}.`,
  ];
}

const whole = (amount: number): string => Math.round(amount).toLocaleString('en-US');
const tenths = (amount: number): string => amount.toLocaleString('en-US', { maximumFractionDigits: 1 });
const cents = (dollars: number): string =>
  dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
