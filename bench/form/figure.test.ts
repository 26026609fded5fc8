import { describe, expect, it } from 'vitest';
import { atLeast, atMost, exactly, figureOf, type Target } from './figure.ts';

const of = (ours: readonly number[], baseline: readonly number[], target?: Target) =>
  figureOf({
    ...{ name: 'a', unit: 'ms', baseline: { name: 'b', values: baseline }, ours },
    ...(target === undefined ? {} : { target }),
  });

describe('a figure', () => {
  it('is the medians of the rounds, their ratio, and how far the rounds are apart', () => {
    expect(of([10, 12, 30], [10, 10, 20], atMost(1.5, 1.1))).toEqual({
      ...{ name: 'a', unit: 'ms', baseline: { name: 'b', median: 10 }, ours: 12, ratio: 1.2, rounds: 3 },
      ...{ spread: { lowest: 1, highest: 1.5 }, met: true },
      target: { bound: 'at most', ratio: 1.5, aim: 1.1 },
    });
  });

  it.each([
    [atLeast(0.5), [5], true],
    [atLeast(0.5), [4.9], false],
    [atMost(0.5), [5], true],
    [atMost(0.5), [5.1], false],
    [exactly(1), [10], true],
    [exactly(1), [11], false],
  ] as const)('that is to be %j of 10 and is %j: met %s', (target, ours, met) => {
    expect(of(ours, [10], target).met).toBe(met);
  });

  it('without a target has no verdict', () => {
    expect(of([1], [2])).toMatchObject({ target: null, met: null });
  });

  it('of nothing beside nothing is the same', () => {
    expect(of([0], [0], atMost(1))).toMatchObject({ ratio: 1, met: true });
  });

  it('is refused when there is nothing, or no number', () => {
    expect(() => of([], [1])).toThrow('is no measurement');
    expect(() => of([Number.NaN], [1])).toThrow(RangeError);
  });
});
