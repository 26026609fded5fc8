import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import type { ETag, ObjectStore } from '../../lib/object-store/object-store.ts';
import { aDraft, testStore } from './test-store.ts';

/**
 * A process of its own that measures memory: `node --expose-gc simulation-cold-read.mjs <registrations>`. It writes one
 * line of JSON: what the heap gained by a cold read through the snapshot, and what one copy of all records takes.
 */

/** What a cold read leaves behind, in bytes, beside what was there before. */
export interface ColdReadMemory {
  readonly records: number;
  readonly gained: number;
  readonly oneCopy: number;
}

const PAGE_SIZE_MAX = 1000;

/** Lists from keys that are sorted once: there are many, and all of them are plain ASCII. */
function listingFast(objects: ObjectStore): ObjectStore {
  const etags = new Map<string, ETag>();
  let sorted: string[] = [];

  /** The index of the first key that is not before `key`. */
  const indexOf = (key: string): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    ...objects,
    put: async (key, body) => {
      const result = await objects.put(key, body);
      if (result.kind === 'written') etags.set(key, result.etag);
      sorted = [];
      return result;
    },
    list: async (prefix, { startAfter = '' } = {}) => {
      if (sorted.length === 0) sorted = [...etags.keys()].toSorted();
      const first = startAfter < prefix ? indexOf(prefix) : indexOf(`${startAfter} `);
      const found = sorted.slice(first, first + PAGE_SIZE_MAX + 1).filter((key) => key.startsWith(prefix));
      const page = found.slice(0, PAGE_SIZE_MAX).map((key) => ({ key, etag: etags.get(key), sizeBytes: 0 }));
      return {
        objects: page.flatMap(({ etag, ...rest }) => (etag === undefined ? [] : [{ ...rest, etag }])),
        truncated: found.length > PAGE_SIZE_MAX,
      };
    },
  };
}

async function fill(objects: ObjectStore, count: number): Promise<void> {
  const store = testStore({ objects });
  for (let index = 0; index < count; index++)
    await store.registrations.put(
      aDraft({ id: `registration-${index}`, notify: `https://app.example/${index}` }),
    );
  await store.snapshot.save((await store.reader.readAll()).records);
}

function bytesUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function measure(count: number): Promise<ColdReadMemory> {
  const objects = listingFast(createMemoryObjectStore());
  await fill(objects, count);
  const before = bytesUsed();
  const store = testStore({ objects });
  const records = (await store.reader.readAll()).records.length;
  const gained = bytesUsed() - before;
  const copy: unknown = JSON.parse(JSON.stringify((await store.reader.readAll()).records));
  const oneCopy = bytesUsed() - before - gained;
  return { records: Array.isArray(copy) ? records : 0, gained, oneCopy };
}

if (globalThis.gc === undefined) throw new Error('run it with --expose-gc');
console.log(JSON.stringify(await measure(Number(process.argv[2]))));
