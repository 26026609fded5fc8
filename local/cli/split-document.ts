/** Below the 5 MB that the observer takes, with room for what is around the entries. */
const PART_BYTES_MAX = 4_000_000;

/** The entries in parts that fit one call each, in their order; one that is too long by itself is a part of its own. */
export function inParts(
  entries: readonly unknown[],
  bytesMax: number = PART_BYTES_MAX,
): readonly (readonly unknown[])[] {
  const parts: unknown[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(JSON.stringify(entry)) + 1;
    const last = parts.at(-1);
    if (last === undefined || bytes > room) {
      parts.push([entry]);
      room = bytesMax - bytes;
    } else {
      last.push(entry);
      room -= bytes;
    }
  }
  return parts;
}
