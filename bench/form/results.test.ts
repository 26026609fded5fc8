import { expect, it } from 'vitest';
import { figureOf, exactly } from './figure.ts';
import { mergedResults, missedOf, type SectionResult } from './results.ts';

const section = (name: string, ours: number): SectionResult => ({
  ...{ section: name, title: name, quick: false, curves: [] },
  machine: { node: '20', processor: 'any', cores: 2 },
  figures: [
    figureOf({
      ...{ name: 'count', unit: '', baseline: { name: 'one', values: [1] }, ours: [ours] },
      target: exactly(1),
    }),
  ],
});

it('keeps what was not measured again, in the order of the sections, and drops sections that are gone', () => {
  const before = { format: 1, sections: [section('gone', 1), section('b', 1), section('a', 1)] } as const;
  const later = section('b', 2);
  expect(mergedResults(before, [later], ['a', 'b', 'c'])).toEqual({
    format: 1,
    sections: [section('a', 1), later],
  });
});

it('names the targets that are missed', () => {
  expect(missedOf([section('a', 1), section('b', 2)])).toEqual(['b: count']);
});
