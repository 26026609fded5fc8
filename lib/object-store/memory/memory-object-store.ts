import { setImmediate as turn } from 'node:timers/promises';
import { asETag, type ETag, type ObjectStore, type PutCondition } from '../object-store.ts';

interface Kept {
  readonly body: Uint8Array;
  readonly etag: ETag;
}

const PAGE_SIZE_MAX = 1000;

/** An object store in memory, for tests and simulations: exact in its promises, gone with the process. */
export function createMemoryObjectStore(options: { readonly pageSizeMax?: number } = {}): ObjectStore {
  const { pageSizeMax = PAGE_SIZE_MAX } = options;
  const objects = new Map<string, Kept>();
  /** All keys in the order of a listing; forgotten when a key comes or goes. */
  let ordered: readonly string[] | undefined;
  let versions = 0;

  return {
    get: async (key, { ifNoneMatch } = {}) => {
      await turn();
      const kept = objects.get(key);
      if (kept === undefined) return { kind: 'not-found' };
      if (kept.etag === ifNoneMatch) return { kind: 'not-modified' };
      return { kind: 'found', body: Buffer.from(kept.body), etag: kept.etag };
    },
    put: async (key, body, condition) => {
      // Not `slice`: that of a `Buffer` is a view of the caller's memory.
      const copy = Buffer.from(body);
      await turn();
      if (!holds(condition, objects.get(key)?.etag)) return { kind: 'conflict' };
      versions += 1;
      const etag = asETag(`"${versions.toString(16)}"`);
      if (!objects.has(key)) ordered = undefined;
      objects.set(key, { body: copy, etag });
      return { kind: 'written', etag };
    },
    delete: async (keys) => {
      await turn();
      for (const key of keys) if (objects.delete(key)) ordered = undefined;
    },
    list: async (prefix, { startAfter = '' } = {}) => {
      await turn();
      ordered ??= [...objects.keys()].toSorted(inBytes);
      const from = firstOf(
        ordered,
        (key) => inBytes(key, prefix) >= 0 && (startAfter === '' || inBytes(key, startAfter) > 0),
      );
      const next = ordered.slice(from, from + pageSizeMax + 1);
      const keys = next.slice(
        0,
        firstOf(next, (key) => !key.startsWith(prefix)),
      );
      const page = keys.slice(0, pageSizeMax);
      return {
        objects: page.flatMap((key) => {
          const kept = objects.get(key);
          return kept === undefined ? [] : [{ key, etag: kept.etag, sizeBytes: kept.body.byteLength }];
        }),
        truncated: keys.length > page.length,
      };
    },
  };
}

/** The first place from which on all keys are so; by halves, since a listing may be one of many pages. */
function firstOf(keys: readonly string[], isSo: (key: string) => boolean): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle];
    if (key !== undefined && isSo(key)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function holds(condition: PutCondition | undefined, current: ETag | undefined): boolean {
  if (condition === undefined) return true;
  return 'ifMatch' in condition ? condition.ifMatch === current : current === undefined;
}

function inBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
