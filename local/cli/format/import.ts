import { at, countAt, listAt, textAt } from '../answers.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

/** What became of the entries of a document, as the observer counts them. */
export interface ImportCounts {
  readonly imported: number;
  /** There by id, and left alone. */
  readonly existing: number;
  /** Damaged before. */
  readonly repaired: number;
  /** `entry` is an id, or the place in the document counted from 0. */
  readonly refused: readonly { readonly entry: number | string; readonly message: string }[];
  /** Calls that were made again: what the first ones imported is counted as existing. */
  readonly repeated: number;
}

/** Reads the counts of an answer. `offset` is the place in the whole document of the first entry that was sent. */
export function importCountsOf(
  body: unknown,
  { offset = 0, repeated = 0 }: { readonly offset?: number; readonly repeated?: number } = {},
): ImportCounts {
  const refused = listAt(body, 'refused').map((one) => {
    const entry = at(one, 'entry');
    return {
      entry: typeof entry === 'number' ? entry + offset : (textAt(one, 'entry') ?? ''),
      message: textAt(one, 'message') ?? '',
    };
  });
  return {
    imported: countAt(body, 'imported'),
    existing: countAt(body, 'existing'),
    repaired: countAt(body, 'repaired'),
    refused,
    repeated,
  };
}

/** The counts, and what was refused for which reason. */
export function formatImport(counts: ImportCounts, style: Style): string {
  const { imported, existing, repaired, refused, repeated } = counts;
  const [atLeast, atMost] = repeated === 0 ? ['', ''] : ['at least ', 'at most '];
  const sums = `${atLeast}${imported} imported, ${atMost}${existing} existing, ${atLeast}${repaired} repaired, ${refused.length} refused`;
  return [sums, ...formatRefused(refused, style)].join('\n\n');
}

/** The same for a restored backup, of which entries that are there may be put back as well. */
export function formatRestored(body: unknown, style: Style): string {
  const { imported, existing, repaired, refused } = importCountsOf(body);
  const overwritten = countAt(body, 'overwritten');
  const sums = `${imported} imported, ${overwritten} overwritten, ${existing} existing, ${repaired} repaired, ${refused.length} refused`;
  const backup = formatFacts([['backup', textAt(body, 'backup')]], style);
  return [`${backup}\n${sums}`, ...formatRefused(refused, style)].join('\n\n');
}

function formatRefused(refused: ImportCounts['refused'], style: Style): readonly string[] {
  const rows = refused.map(({ entry, message }) => [entry, message]);
  return rows.length === 0 ? [] : [formatTable(['REFUSED', 'REASON'], rows, style)];
}
