import { h, svg, type Child } from './dom.ts';
import { moodOf } from './words.ts';

/** A state, status, outcome or reason by its own name. */
export function badge(word: string): HTMLElement {
  return h('span', { class: `badge ${moodOf(word)}` }, word);
}

/** In the place of what there is none of. */
export function nothing(words: string): HTMLElement {
  return h('p', { class: 'nothing' }, words);
}

/** A column and its cells. */
export interface Column<T> {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly cell: (row: T) => readonly Child[];
  /** What stands in its heading in place of the title alone. */
  readonly heading?: HTMLElement;
  readonly sorted?: 'ascending' | 'descending';
}

/** A table; on a narrow screen its rows become cards. `below` gives what stands below a row, where anything does. */
export function table<T>(
  label: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  below: (row: T) => HTMLElement | undefined = () => undefined,
): HTMLElement {
  const headings = columns.map(({ title, heading, sorted, isNumber }) =>
    h(
      'th',
      {
        scope: 'col',
        ...(sorted === undefined ? {} : { 'aria-sort': sorted }),
        ...(isNumber ? { class: 'number' } : {}),
      },
      heading ?? title,
    ),
  );
  const lines = rows.flatMap((row) => [
    h(
      'tr',
      {},
      ...columns.map(({ title, cell, isNumber }) =>
        h(
          'td',
          { 'data-title': title, ...(isNumber ? { class: 'number' } : {}) },
          h('div', {}, ...cell(row)),
        ),
      ),
    ),
    ...rowBelow(below(row), columns.length),
  ]);
  return h(
    'table',
    { 'aria-label': label },
    h('thead', {}, h('tr', {}, ...headings)),
    h('tbody', {}, ...lines),
  );
}

function rowBelow(content: HTMLElement | undefined, width: number): readonly HTMLElement[] {
  if (content === undefined) return [];
  return [h('tr', { class: 'below' }, h('td', { colspan: String(width) }, content))];
}

const LINE_WIDTH = 132;
const LINE_HEIGHT = 28;

/** A small line through values, oldest first; a gap where there is none. */
export function line(label: string, values: readonly (number | null)[]): SVGElement {
  const highest = Math.max(1, ...values.map((value) => value ?? 0));
  const step = LINE_WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, index) =>
    value === null
      ? undefined
      : `${(index * step + 2).toFixed(1)} ${(LINE_HEIGHT - (value / highest) * (LINE_HEIGHT - 4)).toFixed(1)}`,
  );
  const path = points
    .map((point, index) =>
      point === undefined ? '' : `${points[index - 1] === undefined ? 'M' : 'L'}${point}`,
    )
    .join('');
  // A line needs two points: one that has a gap on both sides would not be seen.
  const dots = points.flatMap((point, index) => {
    const isLone = points[index - 1] === undefined && points[index + 1] === undefined;
    if (point === undefined || !(isLone || index === points.length - 1)) return [];
    const [cx = 0, cy = 0] = point.split(' ');
    return [svg('circle', { cx, cy, r: 2 })];
  });
  return drawing(label, LINE_WIDTH + 4, LINE_HEIGHT + 2, svg('path', { d: path }), ...dots);
}

const BAR_WIDTH = 7;
const BARS_HEIGHT = 44;

/** A bar for each run, oldest first, as high as it took long. */
export function bars(
  label: string,
  runs: readonly { readonly ms: number; readonly word: string }[],
  countMax: number,
): SVGElement {
  const highest = Math.max(1, ...runs.map(({ ms }) => ms));
  const rectangles = runs.map(({ ms, word }, index) => {
    const height = Math.max(3, (ms / highest) * BARS_HEIGHT);
    const x = (countMax - runs.length + index) * (BAR_WIDTH + 2);
    const place = { x, y: BARS_HEIGHT - height, width: BAR_WIDTH, height, rx: 1.5 };
    return svg('rect', { ...place, class: moodOf(word) });
  });
  return drawing(label, countMax * (BAR_WIDTH + 2), BARS_HEIGHT, ...rectangles);
}

function drawing(label: string, width: number, height: number, ...children: readonly Node[]): SVGElement {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return svg('svg', { ...size, role: 'img', 'aria-label': label }, ...children);
}
