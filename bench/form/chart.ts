import { axisOf, type Axis } from './log-axis.ts';
import { fitGrowth, type Growth, type Point } from './statistics.ts';
import { quantity } from './table.ts';

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Chart {
  readonly title: string;
  /** With its unit. */
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 420;
const PLOT = { left: 84, right: 684, top: 48, bottom: 330 };

/** Told apart without colour, too: by their marks. Readable on white and on black. */
const LOOKS = [
  { colour: '#2f7ed8', mark: 'circle' },
  { colour: '#d9822b', mark: 'square' },
  { colour: '#1a9d6f', mark: 'diamond' },
  { colour: '#b55bc4', mark: 'triangle' },
] as const;
type Look = (typeof LOOKS)[number];

const STYLE = [
  'text { font: 13px system-ui, sans-serif; fill: #24292f }',
  '.paper { fill: #ffffff }',
  '.title { font-size: 15px; font-weight: 600 }',
  '.grid { stroke: #24292f; stroke-opacity: 0.15 }',
  '.axis { stroke: #24292f; stroke-opacity: 0.6 }',
  '@media (prefers-color-scheme: dark) { .paper { fill: #0d1117 } text { fill: #e6edf3 } .grid, .axis { stroke: #e6edf3 } }',
].join('\n');

/**
 * A chart as SVG, both axes logarithmic: points as measured, and through them the power law that fits, whose exponent the
 * legend names. It follows the colour scheme of whoever looks at it.
 */
export function chartSvg({ title, xLabel, yLabel, series }: Chart): string {
  const points = series.flatMap((one) => one.points);
  const x = axisOf(
    points.map((point) => point.x),
    { from: PLOT.left, to: PLOT.right },
  );
  const y = axisOf(
    points.map((point) => point.y),
    { from: PLOT.bottom, to: PLOT.top },
  );
  const middle = { x: (PLOT.left + PLOT.right) / 2, y: (PLOT.top + PLOT.bottom) / 2 };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="${middle.x}" y="24" text-anchor="middle">${escaped(title)}</text>`,
    ...x.ticks.flatMap((tick) => vertical(x.at(tick), quantity(tick))),
    ...y.ticks.flatMap((tick) => horizontal(y.at(tick), quantity(tick))),
    `<path class="axis" fill="none" d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}H${PLOT.right}"/>`,
    `<text x="${middle.x}" y="${PLOT.bottom + 44}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text x="20" y="${middle.y}" text-anchor="middle" transform="rotate(-90 20 ${middle.y})">${escaped(yLabel)}</text>`,
    ...series.flatMap((one, index) => lineOf(one, index, series.length, { x, y })),
    '</svg>',
    '',
  ].join('\n');
}

function vertical(x: number, label: string): readonly string[] {
  return [
    `<line class="grid" x1="${round(x)}" y1="${PLOT.top}" x2="${round(x)}" y2="${PLOT.bottom}"/>`,
    `<text x="${round(x)}" y="${PLOT.bottom + 20}" text-anchor="middle">${label}</text>`,
  ];
}

function horizontal(y: number, label: string): readonly string[] {
  return [
    `<line class="grid" x1="${PLOT.left}" y1="${round(y)}" x2="${PLOT.right}" y2="${round(y)}"/>`,
    `<text x="${PLOT.left - 8}" y="${round(y + 4)}" text-anchor="end">${label}</text>`,
  ];
}

function lineOf(
  { name, points }: Series,
  index: number,
  count: number,
  axes: { readonly x: Axis; readonly y: Axis },
): readonly string[] {
  const look = LOOKS[index % LOOKS.length] ?? LOOKS[0];
  const growth = fitGrowth(points);
  const sizes = points.map(({ x }) => x);
  const ends = [Math.min(...sizes), Math.max(...sizes)].map((x) => ({
    x,
    y: growth.factor * x ** growth.exponent,
  }));
  const path = ends.map(({ x, y }) => `${round(axes.x.at(x))} ${round(axes.y.at(y))}`).join('L');
  const legendX = PLOT.left + ((PLOT.right - PLOT.left) / count) * index;
  return [
    `<path fill="none" stroke="${look.colour}" stroke-opacity="0.6" stroke-dasharray="6 4" d="M${path}"/>`,
    ...points.map(({ x, y }) => markAt(look, axes.x.at(x), axes.y.at(y))),
    markAt(look, legendX + 6, HEIGHT - 18),
    `<text x="${round(legendX + 18)}" y="${HEIGHT - 14}">${escaped(legendOf(name, growth))}</text>`,
  ];
}

function legendOf(name: string, { exponent }: Growth): string {
  return `${name}: n^${exponent.toFixed(2)}`;
}

function markAt({ colour, mark }: Look, x: number, y: number): string {
  const [cx, cy] = [round(x), round(y)];
  if (mark === 'circle') return `<circle cx="${cx}" cy="${cy}" r="5" fill="${colour}"/>`;
  const shape = {
    square: 'm-5 -5h10v10h-10z',
    diamond: 'm0 -6l6 6l-6 6l-6 -6z',
    triangle: 'm0 -6l6 11h-12z',
  }[mark];
  return `<path fill="${colour}" d="M${cx} ${cy}${shape}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
