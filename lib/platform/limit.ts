/** Runs work, so much of it at once; what comes later waits its turn. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** @param atOnce a positive whole number */
export function createLimit(atOnce: number): Limit {
  const waiting: (() => void)[] = [];
  let active = 0;
  return async (work) => {
    // Whoever ends hands its place on, so that nobody slips in between.
    if (active < atOnce) active += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) active -= 1;
      else next();
    }
  };
}
