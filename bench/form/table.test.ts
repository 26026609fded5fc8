import { describe, expect, it } from 'vitest';
import { atLeast, exactly, figureOf, type Figure } from './figure.ts';
import { figuresTable, markdownTable, quantity } from './table.ts';

it('makes columns as wide as their widest cell', () => {
  expect(
    markdownTable([
      ['a', 'bcd'],
      ['efgh', '1'],
    ]),
  ).toBe(['| a    | bcd |', '| ---- | --- |', '| efgh | 1   |'].join('\n'));
});

it('shows three digits, and more only before the point', () => {
  expect([0, 0.012345, 1, 2.3456, 123.45, 999.6, 12_345.6].map(quantity)).toEqual([
    ...['0', '0.0123', '1', '2.35', '123', '1,000', '12,346'],
  ]);
});

describe('the table of figures', () => {
  const tableOf = (...figures: readonly Figure[]) =>
    figuresTable([{ section: 'waking', figures }]).split('\n');
  const base = { name: 'wake-ups', unit: '/s', ours: [60, 70], target: atLeast(0.5, 0.75) };

  it('says of each what it is, beside what, and whether it is as wanted', () => {
    const [head, , row] = tableOf(figureOf({ ...base, baseline: { name: 'bare', values: [100, 100] } }));
    const cells = (line = '') => line.split('|').map((cell) => cell.trim());
    expect(cells(head).slice(1, -1)).toEqual(
      'section,figure,unit,baseline,its median,ours,ratio,rounds,target,met'.split(','),
    );
    expect(cells(row).slice(1, -1)).toEqual([
      ...[
        'waking',
        'wake-ups',
        '/s',
        'bare',
        '100',
        '65',
        '0.65 × (0.6 – 0.7)',
        '2',
        '≥ 0.5 ×, aim 0.75 ×',
        'yes',
      ],
    ]);
  });

  it('does not hide what falls short, or has no target', () => {
    const { target: _target, ...told } = base;
    const short = figureOf({ ...base, ours: [1], target: exactly(1), baseline: { name: 'b', values: [2] } });
    const plain = figureOf({ ...told, baseline: { name: 'b', values: [2] } });
    const [, , first = '', second = ''] = tableOf(short, plain);
    expect(first).toMatch(/= 1 × +\| \*\*no\*\* \|$/);
    expect(second).toMatch(/\| – +\| – +\|$/);
  });
});
