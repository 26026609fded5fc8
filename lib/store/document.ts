import type { ETag } from '../object-store/object-store.ts';
import { resolvedPut } from './resolved-put.ts';
import { encodeStored, jsonOf } from './stored-json.ts';
import {
  backOff,
  DamagedObjectError,
  repeated,
  StoreContendedError,
  type StoreContext,
} from './store-context.ts';

/** One JSON object that several writers change by compare-and-set. */
export interface StoredDocument<T> {
  /**
   * The value as it is stored now, or `empty`. Reads no body when it has not changed since this instance last saw it.
   * @throws {DamagedObjectError} it is there but cannot be understood.
   */
  readonly read: () => Promise<T>;
  /** Takes a version that a listing shows: nothing is read when it is the one this instance has. */
  readonly readVersion: (etag: ETag | undefined) => Promise<T>;
  /**
   * Applies `change` and resolves once the result is stored. `change` must be pure and must give the same result when it
   * runs again on a later value, also on one that already has it. Returning its argument writes nothing.
   * `mayWrite` is called before each attempt to write and throws to stop.
   * @throws {DamagedObjectError} nothing was written.
   * @throws {ObjectStoreError} when the patience ended; the write may have landed.
   */
  readonly update: (change: (value: T) => T, mayWrite?: () => void) => Promise<T>;
}

/** `parse` gives the value of a stored JSON value, or `undefined` if it is not one. */
export interface DocumentKind<T> {
  readonly key: string;
  readonly empty: T;
  readonly parse: (json: unknown) => T | undefined;
}

interface Version<T> {
  readonly value: T;
  readonly etag: ETag | undefined;
}

/** Every write carries a fresh `nonce`: so no ETag ever repeats, and a write can be recognised after a lost answer. */
export function createDocument<T extends object>(
  context: StoreContext,
  kind: DocumentKind<T>,
): StoredDocument<T> {
  let known: Version<T> | undefined;

  const fetchVersion = async (): Promise<Version<T>> => {
    // What is known may be another version, or none, by the time of the answer: others read and write here, too.
    const asked = known;
    const result = await repeated(context, () =>
      context.objects.get(kind.key, asked?.etag === undefined ? {} : { ifNoneMatch: asked.etag }),
    );
    if (result.kind === 'not-modified' && asked !== undefined) return asked;
    known =
      result.kind === 'found'
        ? { value: parseBody(kind, result.body), etag: result.etag }
        : { value: kind.empty, etag: undefined };
    return known;
  };

  const readVersion = async (etag: ETag | undefined): Promise<T> => {
    if (etag === undefined) known = { value: kind.empty, etag };
    else if (known?.etag !== etag) return (await fetchVersion()).value;
    return known.value;
  };

  const writeOver = async (current: Version<T>, next: T, mayWrite?: () => void): Promise<boolean> => {
    const nonce = context.random.uuid();
    const result = await resolvedPut(context, {
      key: kind.key,
      body: encodeStored({ ...next, nonce }),
      condition: current.etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: current.etag },
      isOurs: (body) => nonceOf(body) === nonce,
      ...(mayWrite === undefined ? {} : { mayWrite }),
    });
    known = result.kind === 'written' ? { value: next, etag: result.etag } : undefined;
    return result.kind === 'written';
  };

  return {
    read: async () => (await fetchVersion()).value,
    readVersion,
    update: async (change, mayWrite) => {
      const endMs = context.clock.nowMs() + context.patienceMs;
      for (let attempt = 0; ; attempt++) {
        const current = known ?? (await fetchVersion());
        const next = change(current.value);
        if (next === current.value) return next;
        if (await writeOver(current, next, mayWrite)) return next;
        if (context.clock.nowMs() >= endMs) throw new StoreContendedError(kind.key);
        await backOff(context, attempt, 'contended');
      }
    },
  };
}

/** @throws {DamagedObjectError} */
function parseBody<T>(kind: DocumentKind<T>, body: Uint8Array): T {
  const json = jsonOf(body);
  const value = json === undefined ? undefined : kind.parse(json);
  if (value === undefined)
    throw new DamagedObjectError(
      kind.key,
      json === undefined ? 'not JSON, or changed since it was written' : 'not of its form',
    );
  return value;
}

/** The nonce of a stored body, by which a write is recognised. */
export function nonceOf(body: Uint8Array): unknown {
  const json = jsonOf(body);
  return typeof json === 'object' && json !== null && 'nonce' in json ? json.nonce : undefined;
}
