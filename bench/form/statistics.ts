/** The value below which the given part of `values` lies; `part` from 0 to 1. `NaN` of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** The one in the middle; of an even number the mean of the two there. `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** One measurement: what it cost at that size. Both above 0. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A power law: `y = factor * x ** exponent`. */
export interface Growth {
  readonly exponent: number;
  readonly factor: number;
}

/**
 * The power law that lies closest to the points: least squares of the logarithms, so that a size ten times as large counts
 * as much as any other. `NaN` of points that do not have two different sizes.
 */
export function fitGrowth(points: readonly Point[]): Growth {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = { x: meanOf(logs.map(({ x }) => x)), y: meanOf(logs.map(({ y }) => y)) };
  const covariance = meanOf(logs.map(({ x, y }) => (x - mean.x) * (y - mean.y)));
  const exponent = covariance / meanOf(logs.map(({ x }) => (x - mean.x) ** 2));
  return { exponent, factor: Math.exp(mean.y - exponent * mean.x) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
