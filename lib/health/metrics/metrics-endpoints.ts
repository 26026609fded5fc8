import type { Endpoint } from '../endpoint.ts';
import { expositionOf, EXPOSITION_TYPE } from './exposition.ts';
import type { Metric, Sample } from './metric.ts';

/** `prometheus`: all metrics in Prometheus' text format. */
export function createPrometheusEndpoint(gather: () => Promise<readonly Metric[]>): Endpoint {
  return {
    isOpen: false,
    answer: async ({ params }) => {
      if (params.length > 0) return undefined;
      const headers = { 'content-type': EXPOSITION_TYPE };
      return { status: 200, body: expositionOf(await gather()), headers };
    },
  };
}

/**
 * `metrics`: the names of all metrics; `metrics/{name}`: the sum of its samples and the tags that tell them apart. Each
 * `?tag=name:value` leaves out the samples that do not have it.
 */
export function createMetricsEndpoint(gather: () => Promise<readonly Metric[]>): Endpoint {
  return {
    isOpen: false,
    answer: async ({ params, query }) => {
      const [name, ...rest] = params;
      if (rest.length > 0) return undefined;
      const metrics = await gather();
      if (name === undefined) return { status: 200, body: { names: metrics.map((one) => one.name) } };
      const metric = metrics.find((one) => one.name === name);
      if (metric === undefined) return undefined;
      const tags = query.getAll('tag');
      const samples = metric.samples.filter(({ labels }) => tags.every((tag) => isTagged(labels, tag)));
      // None with these tags: there is no such measurement.
      return tags.length > 0 && samples.length === 0
        ? undefined
        : { status: 200, body: describe(metric, samples, tags) };
    },
  };
}

function isTagged(labels: Sample['labels'], tag: string): boolean {
  return Object.entries(labels).some(([label, value]) => `${label}:${value}` === tag);
}

function describe(metric: Metric, samples: readonly Sample[], tags: readonly string[]): object {
  const value = samples.reduce((sum, sample) => sum + sample.value, 0);
  return {
    name: metric.name,
    description: metric.help,
    ...(metric.unit === undefined ? {} : { baseUnit: metric.unit }),
    measurements: samples.length === 0 ? [] : [{ statistic: STATISTICS[metric.kind], value }],
    availableTags: tagsOf(samples, tags),
  };
}

const STATISTICS = { counter: 'COUNT', gauge: 'VALUE' } as const;

/** The tags by which these samples can still be told apart, and their values. */
function tagsOf(samples: readonly Sample[], chosen: readonly string[]): readonly object[] {
  const values = new Map<string, Set<string>>();
  for (const [tag, value] of samples.flatMap(({ labels }) => Object.entries(labels)))
    if (!chosen.some((one) => one.startsWith(`${tag}:`)))
      values.set(tag, (values.get(tag) ?? new Set()).add(value));
  return [...values].map(([tag, found]) => ({ tag, values: [...found].toSorted() }));
}
