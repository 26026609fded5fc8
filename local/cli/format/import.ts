import type { Style } from './style.ts';
import { formatTable } from './table.ts';

/** What became of the entries of a document, as the observer counts them. */
export interface ImportCounts {
  readonly imported: number;
  /** There by id, and left alone. */
  readonly existing: number;
  /** Damaged before. */
  readonly repaired: number;
  /** `entry` is an id, or the place in the document counted from 0. */
  readonly refused: readonly { readonly entry: number | string; readonly message: string }[];
}

/** The counts, and what was refused for which reason. */
export function formatImport({ imported, existing, repaired, refused }: ImportCounts, style: Style): string {
  const sums = `${imported} imported, ${existing} existing, ${repaired} repaired, ${refused.length} refused`;
  if (refused.length === 0) return sums;
  const rows = refused.map(({ entry, message }) => [entry, message]);
  return `${sums}\n\n${formatTable(['REFUSED', 'REASON'], rows, style)}`;
}
