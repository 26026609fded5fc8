import type { Ending } from './model-presence.ts';

/** The least and the most that something can be. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

const ZERO: Range = { least: 0, most: 0 };

/**
 * How many failures in a row may be stored for a revision, and what may be in the counters: three-valued like
 * `PresenceModel`. What a cycle did that completed is stored; what one did that failed or died is stored or not.
 */
export interface FailureModel {
  readonly woken: (revision: string, succeeded: boolean, how: Ending) => void;
  /** A quarantine was lifted, or may have been: of which revision, nobody was told. */
  readonly mayBeLifted: () => void;
  readonly failuresOf: (revision: string) => Range;
  readonly counted: (name: string, count: number, how: Ending) => void;
  readonly counter: (name: string) => Range;
  /** Takes what was found as what is, when nothing is going on. */
  readonly settle: (failures: ReadonlyMap<string, number>, counters: ReadonlyMap<string, number>) => void;
}

export function createFailureModel(): FailureModel {
  let failures = new Map<string, Range>();
  let counters = new Map<string, Range>();
  const failuresOf = (revision: string): Range => failures.get(revision) ?? ZERO;
  const counter = (name: string): Range => counters.get(name) ?? ZERO;
  const plus = ({ least, most }: Range, count: number, how: Ending): Range => ({
    least: how === 'certain' ? least + count : least,
    most: how === 'none' ? most : most + count,
  });
  const exactly = (values: ReadonlyMap<string, number>): Map<string, Range> =>
    new Map([...values].map(([name, value]) => [name, { least: value, most: value }]));

  return {
    woken: (revision, succeeded, how) => {
      const before = failuresOf(revision);
      const reset = { least: 0, most: how === 'certain' ? 0 : before.most };
      failures.set(revision, succeeded ? reset : plus(before, 1, how));
    },
    mayBeLifted: () => {
      failures = new Map([...failures].map(([revision, { most }]) => [revision, { least: 0, most }]));
    },
    failuresOf,
    counted: (name, count, how) => void counters.set(name, plus(counter(name), count, how)),
    counter,
    settle: (found, counts) => {
      failures = exactly(found);
      counters = exactly(counts);
    },
  };
}
