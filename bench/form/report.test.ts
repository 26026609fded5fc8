import { expect, it } from 'vitest';
import { atMost, figureOf } from './figure.ts';
import { reportOf } from './report.ts';
import type { SectionResult } from './results.ts';

const measured = (section: string, quick: boolean, ours: readonly number[]): SectionResult => ({
  ...{ section, title: `About ${section}`, quick, curves: [] },
  machine: { node: '20.1.0', processor: 'any', cores: 2 },
  figures: ours.map((value) =>
    figureOf({
      ...{ name: 'f', unit: 'ms', baseline: { name: 'b', values: [1] }, ours: [value] },
      target: atMost(1),
    }),
  ),
});

it('has all figures in one table, and says what measured them and how many targets each section meets', () => {
  const report = reportOf({ format: 1, sections: [measured('a', false, [1, 2]), measured('b', true, [])] });
  expect(report.match(/^\| a {6,}\| f /gm)).toHaveLength(2);
  expect(report).toContain('Measured by Node 20.1.0 on 2 cores of any.');
  expect(report).toContain('Only measured in brief, with smaller fleets: b.');
  expect(report).toMatch(/\| `a` +\| About a +\| 1 of 2 +\|/);
  expect(report).toMatch(/\| `b` +\| About b +\| – +\|/);
});
