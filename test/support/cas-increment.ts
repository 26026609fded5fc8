import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ObjectStoreError, type ETag, type ObjectStore } from '../../lib/object-store/object-store.ts';

/** A counter that remembers who counted, so that a write whose answer was lost can be found again. */
interface Counter {
  readonly count: number;
  readonly nonces: readonly string[];
}

const ATTEMPTS_MAX = 1000;

/**
 * Adds one to the counter in `key` by compare-and-set, whatever it takes: conflicts and retryable errors are tried
 * again, and a write that may have landed is looked for by its nonce. Resolves once the increment is stored.
 */
export async function casIncrement(store: ObjectStore, key: string): Promise<void> {
  const nonce = randomUUID().slice(0, 13);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    if (await tryIncrement(store, key, nonce)) return;
    await sleep(Math.random() * Math.min(50, 2 ** attempt));
  }
  throw new Error(`no increment of ${key} in ${ATTEMPTS_MAX} attempts`);
}

/** Reads a counter; 0 when there is none yet. Throws when increments were lost or torn. */
export async function readCount(store: ObjectStore, key: string): Promise<number> {
  return (await readCounter(store, key)).counter.count;
}

async function tryIncrement(store: ObjectStore, key: string, nonce: string): Promise<boolean> {
  try {
    const { counter, etag } = await readCounter(store, key);
    if (counter.nonces.includes(nonce)) return true;
    const next: Counter = { count: counter.count + 1, nonces: [...counter.nonces, nonce] };
    const condition = etag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: etag };
    return (await store.put(key, JSON.stringify(next), condition)).kind === 'written';
  } catch (error) {
    if (error instanceof ObjectStoreError && error.retryable) return false;
    throw error;
  }
}

async function readCounter(store: ObjectStore, key: string): Promise<{ counter: Counter; etag?: ETag }> {
  const found = await store.get(key);
  if (found.kind !== 'found') return { counter: { count: 0, nonces: [] } };
  const value: unknown = JSON.parse(Buffer.from(found.body).toString());
  if (!isCounter(value))
    throw new Error(`${key} is torn: ${Buffer.from(found.body).toString().slice(0, 100)}`);
  return { counter: value, etag: found.etag };
}

function isCounter(value: unknown): value is Counter {
  if (typeof value !== 'object' || value === null || !('count' in value) || !('nonces' in value))
    return false;
  return Array.isArray(value.nonces) && new Set(value.nonces).size === value.count;
}
