import { createHash } from 'node:crypto';
import { createDocument, type StoredDocument } from './document.ts';
import { META_KEY } from './keys.ts';
import { StoreUnusableError, type StoreContext } from './store-context.ts';

/** The form of everything stored. A program refuses to touch a store whose number is higher than its own. */
export const STORE_FORMAT = 1;

/** What the store remembers of itself. */
export interface Meta {
  readonly format: number;
  /** Hashes of the seeds merged so far: each content is merged once. */
  readonly seeds: readonly string[];
  /** Hashes of the original's documents merged so far, and of those that we wrote ourselves. */
  readonly originals: readonly string[];
  /** Marks of the object stores on which conditions were proved to hold. */
  readonly proved: readonly string[];
}

const NEW: Meta = { format: STORE_FORMAT, seeds: [], originals: [], proved: [] };

/** Hashes remembered per list; the oldest go first. */
const HASHES_MAX = 200;

/** The store was written by a newer program. */
export class StoreFormatError extends StoreUnusableError {
  constructor(found: number) {
    super({
      code: 'misconfigured',
      detail: `The store has format ${found} and this program understands ${STORE_FORMAT}: run the newer version, or use another STORE_PREFIX.`,
    });
  }
}

/** @returns the document; reading it throws `StoreFormatError` when the store is newer than the program. */
export function createMeta(context: StoreContext): StoredDocument<Meta> {
  return createDocument(context, { key: META_KEY, empty: NEW, parse: parseMeta });
}

function parseMeta(json: unknown): Meta | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, seeds, originals, proved } = { ...NEW, format: undefined, ...json };
  if (typeof format !== 'number' || !Number.isSafeInteger(format)) return undefined;
  if (format > STORE_FORMAT) throw new StoreFormatError(format);
  return isTexts(seeds) && isTexts(originals) && isTexts(proved)
    ? { format, seeds, originals, proved }
    : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The list with a hash as its latest, as its own object only when that changes anything. */
export function withHash(meta: Meta, list: 'seeds' | 'originals' | 'proved', hash: string | undefined): Meta {
  if (hash === undefined || meta[list].at(-1) === hash) return meta;
  const others = meta[list].filter((other) => other !== hash);
  return { ...meta, [list]: [...others, hash].slice(-HASHES_MAX) };
}

export function contentHash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
