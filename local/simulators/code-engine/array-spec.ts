const INDICES_MAX = 1_000;
const INDEX_MAX = 9_999_999;

/** The indices of `scale_array_spec` such as `0-9` or `1,3,5-7`, ascending; undefined when it is none, or has over 1000. */
export function parseArraySpec(spec: string): readonly number[] | undefined {
  const indices = new Set<number>();
  for (const part of spec.split(',')) {
    const [, from, to = from] = /^\s*(\d{1,7})(?:\s*-\s*(\d{1,7}))?\s*$/.exec(part) ?? [];
    if (from === undefined) return undefined;
    const [first, last] = [Number(from), Number(to)];
    if (last < first || last > INDEX_MAX || last - first >= INDICES_MAX) return undefined;
    for (let index = first; index <= last; index += 1) indices.add(index);
  }
  return indices.size > INDICES_MAX ? undefined : [...indices].toSorted((a, b) => a - b);
}

/** Ascending indices in the form of `scale_array_spec`. */
export function formatIndices(indices: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < indices.length; at += 1) {
    const first = indices[at] ?? 0;
    let last = first;
    while (indices[at + 1] === last + 1) {
      at += 1;
      last += 1;
    }
    parts.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return parts.join(',');
}
