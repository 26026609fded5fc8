import { ObjectStoreError, type ObjectStore } from '../../lib/object-store/object-store.ts';

/** One call of an object store, counted from 0. `keys` holds the prefix for a list, all keys for a delete. */
export interface StoreCall {
  readonly index: number;
  readonly operation: 'get' | 'put' | 'delete' | 'list';
  readonly keys: readonly string[];
}

/** A fault comes before the call takes effect, or after: then it was done and nobody was told. */
export type Moment = 'before' | 'after';

export type Fault =
  /** The call fails. After its effect it fails as an answer that was lost. */
  | { readonly kind: 'fails'; readonly when: Moment; readonly code: 'unavailable' | 'throttled' | 'denied' }
  /** The call, or its answer, is held up until `until` resolves: a slow network, or a process that was paused. */
  | { readonly kind: 'waits'; readonly when: Moment; readonly until: () => Promise<void> }
  /** The process dies here: this call never returns, and no later one begins. `halfway`: a delete of half the keys. */
  | { readonly kind: 'killed'; readonly when: Moment | 'halfway' }
  /** A body that is read comes out changed; everything else is left alone. */
  | { readonly kind: 'damages'; readonly change: (body: Uint8Array) => Uint8Array };

/** Decides what becomes of a call. It sees each call once, in order. */
export type FaultPlan = (call: StoreCall) => Fault | undefined;

/** What one instance sees of a shared object store, with faults, and what it did to it. */
export interface FaultyObjectStore {
  readonly objects: ObjectStore;
  /** Every call that was begun. */
  readonly calls: readonly StoreCall[];
  /** The calls that changed the store, in the order of their effects. */
  readonly writes: readonly StoreCall[];
  /** Resolves when the process dies. */
  readonly killed: Promise<void>;
  readonly isKilled: () => boolean;
  /** Resolves when no request is on its way: those of a dead process still arrive. */
  readonly arrived: () => Promise<void>;
}

/** Wraps `inner` for one instance. Without a fault a call goes straight through. */
export function createFaultyObjectStore(
  inner: ObjectStore,
  plan: FaultPlan = () => undefined,
): FaultyObjectStore {
  const { run, ...seen } = createFaultyCalls(plan);
  const objects: ObjectStore = {
    get: (key, options) =>
      run(
        { operation: 'get', keys: [key] },
        unchanged(() => inner.get(key, options)),
      ),
    put: (key, body, condition) => {
      const copy = Buffer.from(body);
      return run({ operation: 'put', keys: [key] }, async () => {
        const result = await inner.put(key, copy, condition);
        return { result, changed: result.kind === 'written' };
      });
    },
    delete: (keys) => {
      const some = (count: number) => async () => ({
        result: await inner.delete(keys.slice(0, count)),
        changed: true,
      });
      return run({ operation: 'delete', keys }, some(keys.length), some(Math.ceil(keys.length / 2)));
    },
    list: (prefix, options) =>
      run(
        { operation: 'list', keys: [prefix] },
        unchanged(() => inner.list(prefix, options)),
      ),
  };
  return { objects, ...seen };
}

type Apply<T> = () => Promise<{ readonly result: T; readonly changed: boolean }>;

const unchanged =
  <T>(read: () => Promise<T>): Apply<T> =>
  async () => ({ result: await read(), changed: false });

/** Runs calls as the plan says; `half` is what a call does of its work when the process dies halfway. */
interface FaultyCalls extends Omit<FaultyObjectStore, 'objects'> {
  readonly run: <T>(asked: Omit<StoreCall, 'index'>, apply: Apply<T>, half?: Apply<T>) => Promise<T>;
}

function createFaultyCalls(plan: FaultPlan): FaultyCalls {
  const calls: StoreCall[] = [];
  const writes: StoreCall[] = [];
  const underWay = new Set<Promise<unknown>>();
  let dead = false;
  let announce = (): void => undefined;
  const killed = new Promise<void>((resolve) => {
    announce = resolve;
  });

  /** What never returns: nobody in the process can take its death for a failure. */
  const die = <T>(): Promise<T> => {
    dead = true;
    announce();
    return new Promise<T>(() => undefined);
  };

  const applied = async <T>(call: StoreCall, apply: Apply<T>): Promise<T> => {
    const request = apply();
    underWay.add(request);
    try {
      const { result, changed } = await request;
      if (changed) writes.push(call);
      return result;
    } finally {
      underWay.delete(request);
    }
  };

  const run: FaultyCalls['run'] = async (asked, apply, half) => {
    if (dead) return die();
    const call = { index: calls.length, ...asked };
    calls.push(call);
    const fault = plan(call);
    if (fault?.kind === 'killed') {
      if (fault.when === 'halfway' && half !== undefined) await applied(call, half);
      if (fault.when === 'after') await applied(call, apply);
      return die();
    }
    await suffer(call, fault, 'before');
    if (dead) return die();
    const result = await applied(call, apply);
    await suffer(call, fault, 'after');
    if (dead) return die();
    return fault?.kind === 'damages' ? damaged(result, fault.change) : result;
  };

  const arrived = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  };
  return { run, calls, writes, killed, isKilled: () => dead, arrived };
}

/** Waits or fails when it is the moment of the fault. */
async function suffer(call: StoreCall, fault: Fault | undefined, moment: Moment): Promise<void> {
  if (fault?.kind === 'waits' && fault.when === moment) await fault.until();
  if (fault?.kind === 'fails' && fault.when === moment) throw failure(call, fault.code, moment === 'after');
}

function failure(
  call: StoreCall,
  code: 'unavailable' | 'throttled' | 'denied',
  landed: boolean,
): ObjectStoreError {
  const isWrite = call.operation === 'put' || call.operation === 'delete';
  return new ObjectStoreError(code, `${call.operation} ${call.keys.join(' ')} failed on purpose`, {
    writeMayHaveLanded: landed && isWrite,
  });
}

function damaged<T>(result: T, change: (body: Uint8Array) => Uint8Array): T {
  if (typeof result !== 'object' || result === null || !('body' in result)) return result;
  return result.body instanceof Uint8Array ? { ...result, body: change(result.body) } : result;
}

/** The body without its last byte: what a connection that broke leaves. */
export function truncated(body: Uint8Array): Uint8Array {
  return body.subarray(0, Math.max(0, body.byteLength - 1));
}

/** The body with one bit turned over, counted from its first byte. */
export function withBitFlipped(body: Uint8Array, bit: number): Uint8Array {
  const copy = Buffer.from(body);
  const at = Math.floor(bit / 8) % Math.max(1, copy.byteLength);
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
}
