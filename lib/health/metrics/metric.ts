/** One value, and what tells it from the others of its metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as Prometheus knows it. */
export interface Metric {
  /** Whole: with prefix, unit and `_total`. */
  readonly name: string;
  /** A counter only grows, until the store's reports are deleted. */
  readonly kind: 'counter' | 'gauge';
  /** The unit of its values, where they have one. */
  readonly unit?: 'seconds';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Samples of one metric at most: what callers register must not make a monitoring system's memory grow without end. */
const SAMPLES_MAX = 1_000;

const PREFIX = 'mq_observer_';

function metric(kind: Metric['kind'], name: string, help: string, samples: readonly Sample[]): Metric {
  const unit = /_seconds(_total)?$/.test(name) ? ({ unit: 'seconds' } as const) : {};
  return { name: PREFIX + name, kind, ...unit, help, samples: samples.slice(0, SAMPLES_MAX) };
}

/** A counter; `_total` is added to its name. Of too many samples the first ones stay. */
export function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return metric('counter', `${name}_total`, help, samples);
}

/** A gauge. Of too many samples the first ones stay. */
export function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return metric('gauge', name, help, samples);
}

/** The only sample of a metric without labels. */
export function sole(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}
