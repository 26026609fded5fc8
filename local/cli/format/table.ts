import { plain } from './plain.ts';
import { toneOf, type Style } from './style.ts';

/** What is in one cell; blank where there is nothing. */
export type Cell = string | number | undefined;

const GAP = '  ';

/** Aligned columns below their titles; states, outcomes and reasons in their tones. Whatever is in a cell is made plain. */
export function formatTable(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  style: Style,
): string {
  const texts = rows.map((row) => titles.map((_title, column) => plain(String(row[column] ?? ''))));
  const widths = titles.map((title, column) =>
    texts.reduce((widest, row) => Math.max(widest, lengthOf(row[column])), lengthOf(title)),
  );
  const line = (cells: readonly string[], styled: (text: string) => string): string =>
    cells
      .map((text, column) => styled(text) + ' '.repeat((widths[column] ?? 0) - lengthOf(text)))
      .join(GAP)
      .trimEnd();
  return [
    line(titles, (text) => style(text, 'heading')),
    ...texts.map((row) => line(row, (text) => style(text, toneOf(text)))),
  ].join('\n');
}

/** Names and values, the values aligned; what has no value is left out. */
export function formatFacts(facts: readonly (readonly [string, Cell])[], style: Style): string {
  const shown = facts.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => lengthOf(plain(name))));
  return shown
    .map(([name, value]) => {
      const text = plain(String(value));
      return `${plain(name)}${' '.repeat(width - lengthOf(plain(name)))}${GAP}${style(text, toneOf(text))}`;
    })
    .join('\n');
}

/** In characters, not in the units of a JavaScript string. */
function lengthOf(text: string | undefined): number {
  return text === undefined ? 0 : Array.from(text).length;
}

/** `1 registration`, `2 registrations`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
