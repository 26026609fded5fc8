/** Below the 5 MB that the observer takes, with room for what is around the entries. */
const BYTES_MAX = 4_000_000;
/** Few enough to be taken in seconds: one sees how far it is, and little is sent again after a failure. */
const ENTRIES_MAX = 500;

interface PartLimits {
  readonly bytesMax?: number;
  readonly entriesMax?: number;
}

/** The entries in parts that fit one call each, in their order; one that is too long by itself is a part of its own. */
export function inParts(
  entries: readonly unknown[],
  { bytesMax = BYTES_MAX, entriesMax = ENTRIES_MAX }: PartLimits = {},
): readonly (readonly unknown[])[] {
  const parts: unknown[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(JSON.stringify(entry)) + 1;
    const last = parts.at(-1);
    if (last === undefined || bytes > room || last.length === entriesMax) {
      parts.push([entry]);
      room = bytesMax - bytes;
    } else {
      last.push(entry);
      room -= bytes;
    }
  }
  return parts;
}
