import { SHARDS, type RangeName, type ShardId } from './keys.ts';

/** A part of the key space that one invocation serves: shards that follow each other. */
export interface Range {
  /** Names its lease and its report. */
  readonly name: RangeName;
  /** `0-3`: the first and the last of its shards. */
  readonly label: string;
  readonly shards: readonly ShardId[];
}

/** Into how many ranges the key space can be split; 1: not at all. */
export const RANGE_COUNTS = [1, 2, 4, 8, 16] as const;
export type RangeCount = (typeof RANGE_COUNTS)[number];

/** The whole key space in so many ranges of the same size. */
export function rangesOf(count: RangeCount): readonly Range[] {
  const size = SHARDS.length / count;
  return Array.from({ length: count }, (_, index) => {
    const shards = SHARDS.slice(index * size, (index + 1) * size);
    const label = `${shards[0] ?? ''}-${shards.at(-1) ?? ''}`;
    return { name: `notify-${label}`, label, shards };
  });
}

/** The range of that label, or `undefined` when no split has it. */
export function rangeLabelled(label: string): Range | undefined {
  return RANGE_COUNTS.flatMap((count) => (count === 1 ? [] : rangesOf(count))).find(
    (range) => range.label === label,
  );
}
