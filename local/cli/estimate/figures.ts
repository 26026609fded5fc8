import { CommandError } from '../command-error.ts';
import figures from './figures.json' with { type: 'json' };

/** What a bill counts. */
export const BILLED = ['class_a', 'class_b', 'vcpu_seconds', 'gb_seconds', 'calls'] as const;
export type Billed = (typeof BILLED)[number];

/** Prices, what is free, and how long things are taken to last. */
export interface Figures {
  /** Where the prices are from, and as of when. */
  readonly source: string;
  readonly date: string;
  readonly dollars_per_million: Readonly<Record<Billed, number>>;
  readonly free_per_month: Readonly<Record<Billed, number>>;
  readonly assumed: {
    /** From the start of an instance to its first work, and what each run does one after the other. */
    readonly start_seconds: number;
    /** One request to the store. */
    readonly store_seconds: number;
    /** One answer of a target. */
    readonly answer_seconds: number;
    /** Of one vCPU. */
    readonly cpu_microseconds_per_registration: number;
    readonly cpu_microseconds_per_wake_up: number;
  };
}

/** The documented figures. */
export const FIGURES: Figures = figures;

/**
 * The documented figures with those of `given` in their place; it has the form of `figures.json`, and may leave out what
 * stays.
 * @throws {CommandError} when something in it is no figure.
 */
export function figuresWith(given: unknown): Figures {
  const { source, date, dollars_per_million, free_per_month, assumed, ...rest } = objectAt(
    'The figures',
    given,
  );
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new CommandError(1, `The figures have no ${unknown}.`);
  return {
    source: textAt('source', source) ?? FIGURES.source,
    date: textAt('date', date) ?? FIGURES.date,
    dollars_per_million: replaced('dollars_per_million', dollars_per_million),
    free_per_month: replaced('free_per_month', free_per_month),
    assumed: replaced('assumed', assumed),
  };
}

type Group = 'dollars_per_million' | 'free_per_month' | 'assumed';

function replaced<G extends Group>(group: G, given: unknown): Figures[G] {
  const known = FIGURES[group];
  for (const [name, value] of Object.entries(objectAt(group, given ?? {}))) {
    if (!Object.hasOwn(known, name)) throw new CommandError(1, `${group} has no ${name}.`);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw new CommandError(1, `${group}.${name} must be a number, not below 0.`);
  }
  return { ...known, ...objectAt(group, given ?? {}) };
}

function objectAt(name: string, value: unknown): Partial<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new CommandError(1, `${name} must be an object.`);
}

function textAt(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new CommandError(1, `${name} must be a text.`);
}
