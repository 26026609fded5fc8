import { describe, expect, it } from 'vitest';
import { fitGrowth, median, quantile } from './statistics.ts';

describe('the median', () => {
  it('is the one in the middle, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  it('is not a number when there are none', () => {
    expect(median([])).toBeNaN();
  });
});

it('gives the value below which a part lies', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([quantile(values, 0), quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([
    1, 51, 100, 100,
  ]);
});

describe('the growth that fits', () => {
  const sizes = [100, 1_000, 10_000, 100_000];
  const law = (exponent: number, factor: number) => sizes.map((x) => ({ x, y: factor * x ** exponent }));

  it.each([0, 0.5, 1, 2])('is found of a power law with exponent %d', (exponent) => {
    const growth = fitGrowth(law(exponent, 3));
    expect(growth.exponent).toBeCloseTo(exponent, 10);
    expect(growth.factor).toBeCloseTo(3, 10);
  });

  it('is hardly moved by a little noise', () => {
    const noisy = law(1, 2).map(({ x, y }, index) => ({ x, y: y * (index % 2 === 0 ? 1.05 : 0.95) }));
    expect(Math.abs(fitGrowth(noisy).exponent - 1)).toBeLessThan(0.05);
  });

  it('is not a number when there is only one size', () => {
    expect(fitGrowth([{ x: 10, y: 1 }]).exponent).toBeNaN();
  });
});
