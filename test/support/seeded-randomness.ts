import type { Randomness } from '../../lib/platform/clock.ts';

/** Randomness that repeats itself for the same seed (mulberry32); UUIDs are counted, so that they are unique. */
export function seededRandomness(seed: number): Randomness {
  let state = seed;
  let count = 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const uuid = (): string => {
    count += 1;
    return `00000000-0000-4000-8000-${(seed >>> 0).toString(16).padStart(4, '0').slice(-4)}${count.toString(16).padStart(8, '0')}`;
  };
  return { fraction, uuid };
}
