import type { Metric, Sample } from './metric.ts';

/** The media type of `expositionOf`. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in Prometheus' text format 0.0.4. */
export function expositionOf(metrics: readonly Metric[]): string {
  return metrics.map(textOf).join('');
}

function textOf({ name, kind, help, samples }: Metric): string {
  const head = [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${kind}`];
  return [...head, ...samples.map((sample) => `${name}${labelsOf(sample)} ${sample.value}`), ''].join('\n');
}

function labelsOf({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(
    ([label, value]) => `${label}="${escaped(value).replaceAll('"', String.raw`\"`)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`);
}
