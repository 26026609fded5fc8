import type { Figure, Target } from './figure.ts';

/** Figures of sections as one table in Markdown, in the words of the documents. */
export function figuresTable(
  sections: readonly { readonly section: string; readonly figures: readonly Figure[] }[],
): string {
  const head = 'section,figure,unit,baseline,its median,ours,ratio,rounds,target,met'.split(',');
  const rows = sections.flatMap(({ section, figures }) => figures.map((one) => [section, ...rowOf(one)]));
  return markdownTable([head, ...rows]);
}

function rowOf({
  name,
  unit,
  baseline,
  ours,
  ratio,
  spread,
  rounds,
  target,
  met,
}: Figure): readonly string[] {
  const apart = rounds > 1 ? ` (${quantity(spread.lowest)} – ${quantity(spread.highest)})` : '';
  return [
    ...[name, unit, baseline.name, quantity(baseline.median), quantity(ours)],
    ...[`${times(ratio)}${apart}`, String(rounds), target === null ? '–' : inWords(target), verdict(met)],
  ];
}

function verdict(met: boolean | null): string {
  if (met === null) return '–';
  return met ? 'yes' : '**no**';
}

function inWords({ bound, ratio, aim }: Target): string {
  const sign = { 'at least': '≥ ', 'at most': '≤ ', exactly: '= ' }[bound];
  return `${sign}${times(ratio)}${aim === undefined ? '' : `, aim ${times(aim)}`}`;
}

/** A table in Markdown: the first row names the columns. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  );
}

/** Three digits, and all of them before the point. */
export function quantity(value: number): string {
  const digits = Math.abs(value) >= 1_000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString('en', digits);
}

const times = (value: number): string => `${quantity(value)} ×`;
