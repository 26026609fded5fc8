import type { Figure } from './figure.ts';
import type { Point } from './statistics.ts';

/** What was measured of one size to another, and how it grows. */
export interface Curve {
  readonly name: string;
  readonly unit: string;
  /** What grows, at 1 on the horizontal axis. */
  readonly of: string;
  readonly points: readonly Point[];
  /** Of the power law that fits. */
  readonly exponent: number;
}

/** The machine that measured. Its figures are compared with those of no other. */
export interface Machine {
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
}

/** What one section of the bench measured, in one run. */
export interface SectionResult {
  readonly section: string;
  readonly title: string;
  readonly machine: Machine;
  /** Fewer rounds and smaller fleets than the documents want. */
  readonly quick: boolean;
  readonly figures: readonly Figure[];
  readonly curves: readonly Curve[];
}

/** `docs/performance/results.json`. */
export interface Results {
  readonly format: 1;
  readonly sections: readonly SectionResult[];
}

/** The results with those of a later run in their place. Sections are in the order given; those that are gone are dropped. */
export function mergedResults(
  before: Results,
  later: readonly SectionResult[],
  order: readonly string[],
): Results {
  const bySection = new Map([...before.sections, ...later].map((one) => [one.section, one]));
  return { format: 1, sections: order.flatMap((name) => bySection.get(name) ?? []) };
}

/** The targets that are missed, in words. */
export function missedOf(sections: readonly SectionResult[]): readonly string[] {
  return sections.flatMap(({ section, figures }) =>
    figures.filter(({ met }) => met === false).map(({ name }) => `${section}: ${name}`),
  );
}
