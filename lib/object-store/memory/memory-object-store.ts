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
      const keys = ordered.filter(
        (key) => key.startsWith(prefix) && (startAfter === '' || inBytes(key, startAfter) > 0),
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

function holds(condition: PutCondition | undefined, current: ETag | undefined): boolean {
  if (condition === undefined) return true;
  return 'ifMatch' in condition ? condition.ifMatch === current : current === undefined;
}

function inBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
