import { describe, expect, it } from 'vitest';
import { chartSvg } from './chart.ts';
import { axisOf } from './log-axis.ts';

describe('a logarithmic axis', () => {
  it('has powers of ten around all values, at equal distances', () => {
    const axis = axisOf([30, 2_000], { from: 0, to: 300 });
    expect(axis.ticks).toEqual([10, 100, 1_000, 10_000]);
    expect(axis.ticks.map(axis.at)).toEqual([0, 100, 200, 300]);
  });

  it('has two ends for a single value', () => {
    expect(axisOf([100], { from: 10, to: 0 }).ticks).toEqual([100, 1_000]);
  });

  it.each([[[]], [[0]], [[1, -1]], [[Number.NaN]]])('refuses %j', (values) => {
    expect(() => axisOf(values, { from: 0, to: 1 })).toThrow(RangeError);
  });
});

describe('a chart', () => {
  const points = [100, 1_000, 10_000].map((x) => ({ x, y: 2 * x }));
  const svg = chartSvg({
    ...{ title: 'Time & cost', xLabel: 'registrations', yLabel: 'cycle time, ms' },
    series: [
      { name: 'all <due>', points },
      { name: 'none due', points: points.map(({ x }) => ({ x, y: 5 })) },
    ],
  });

  it('names what it shows, its axes, and how each line grows', () => {
    for (const text of [
      'Time &#38; cost',
      'registrations',
      'cycle time, ms',
      'all &#60;due&#62;: n^1.00',
      'none due: n^0.00',
    ])
      expect(svg).toContain(`>${text}</text>`);
  });

  it('has a mark for each point and one for each legend, of another shape for each line', () => {
    expect(svg.match(/<circle /g)).toHaveLength(points.length + 1);
    expect(svg.match(/<path fill="#d9822b"/g)).toHaveLength(points.length + 1);
  });

  it('is well-formed, and follows the colour scheme', () => {
    const opened = [...svg.matchAll(/<([a-z]+)(?: [^>]*[^/])?>/g)].map(([, name]) => name);
    const closed = [...svg.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name);
    expect(opened.toSorted()).toEqual(closed.toSorted());
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toContain('NaN');
  });
});
