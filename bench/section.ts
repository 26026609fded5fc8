import type { Figure } from './form/figure.ts';
import type { Curve } from './form/results.ts';

/** How much is measured. */
export interface Effort {
  /** A run of a few minutes: fewer rounds, smaller fleets. Its figures say that everything runs, and little more. */
  readonly quick: boolean;
  readonly rounds: number;
}

/** What a section found. */
export interface Findings {
  readonly figures: readonly Figure[];
  readonly curves?: readonly Curve[];
  /** Pictures by the name of their file. */
  readonly pictures?: Readonly<Record<string, string>>;
}

/** One subject of the bench. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** Only with a real S3 server (`test/support/s3-cluster.ts`); where there is none it is left out. */
  readonly needsS3?: true;
  readonly measure: (effort: Effort) => Promise<Findings>;
}
