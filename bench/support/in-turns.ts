/** One way of doing it: what one round of it came to. */
export type Way = () => Promise<number>;

/**
 * Measures several ways in turns, so that whatever else the machine does meets all of them: a round that warms up and does
 * not count (code, connections, caches), then so many that do, every other one backwards.
 * @returns the values of the rounds, by way
 */
export async function inTurns<N extends string>(
  rounds: number,
  ways: Readonly<Record<N, Way>>,
): Promise<Readonly<Record<N, readonly number[]>>> {
  const names = Object.keys(ways) as N[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  for (const name of names) await ways[name]();
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) values[name].push(await ways[name]());
  return values;
}

/** How long it takes, in milliseconds. */
export async function tookMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}
