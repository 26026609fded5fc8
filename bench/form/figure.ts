import { median } from './statistics.ts';

/** What the ratio is to be. `aim` is what would be better still. */
export interface Target {
  readonly bound: 'at least' | 'at most' | 'exactly';
  readonly ratio: number;
  readonly aim?: number;
}

/** One figure beside its baseline of the same run. */
export interface Figure {
  readonly name: string;
  /** Of both medians. */
  readonly unit: string;
  readonly baseline: { readonly name: string; readonly median: number };
  /** The median. */
  readonly ours: number;
  /** Ours by the baseline: of medians. */
  readonly ratio: number;
  /** The lowest and the highest ratio of a single round. */
  readonly spread: { readonly lowest: number; readonly highest: number };
  readonly rounds: number;
  /** `null`: it is only told. */
  readonly target: Target | null;
  readonly met: boolean | null;
}

/** Values of several rounds, in their order. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly baseline: { readonly name: string; readonly values: readonly number[] };
  readonly ours: readonly number[];
  readonly target?: Target;
}

export const atLeast = (ratio: number, aim?: number): Target => target('at least', ratio, aim);
export const atMost = (ratio: number, aim?: number): Target => target('at most', ratio, aim);
export const exactly = (ratio: number): Target => target('exactly', ratio, undefined);

function target(bound: Target['bound'], ratio: number, aim: number | undefined): Target {
  return { bound, ratio, ...(aim === undefined ? {} : { aim }) };
}

/**
 * A figure from the rounds that measured it.
 * @throws {RangeError} a value is not finite, or there are none: that is no measurement.
 */
export function figureOf({ name, unit, baseline, ours, target: wanted }: Measured): Figure {
  const all = [...baseline.values, ...ours];
  if (baseline.values.length === 0 || ours.length === 0 || !all.every(Number.isFinite))
    throw new RangeError(`${name}: ${JSON.stringify({ baseline: baseline.values, ours })} is no measurement`);
  const [base, own] = [median(baseline.values), median(ours)];
  const ratio = ratioOf(own, base);
  const rounds = Math.min(baseline.values.length, ours.length);
  const ratios = ours.slice(0, rounds).map((value, round) => ratioOf(value, baseline.values[round] ?? base));
  return {
    name,
    unit,
    baseline: { name: baseline.name, median: base },
    ours: own,
    ratio,
    spread: { lowest: Math.min(...ratios), highest: Math.max(...ratios) },
    rounds,
    target: wanted ?? null,
    met: wanted === undefined ? null : isMet(wanted, ratio),
  };
}

/** Nothing beside nothing is the same. */
function ratioOf(ours: number, baseline: number): number {
  return ours === baseline ? 1 : ours / baseline;
}

function isMet({ bound, ratio: wanted }: Target, ratio: number): boolean {
  switch (bound) {
    case 'at least':
      return ratio >= wanted;
    case 'at most':
      return ratio <= wanted;
    case 'exactly':
      return ratio === wanted;
  }
}
