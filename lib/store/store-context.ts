import { ObjectStoreError, type ObjectStore } from '../object-store/object-store.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { META_KEY, TEST_REQUESTS } from './keys.ts';

/** What every part of the store works with. */
export interface StoreContext {
  /** The object store below our prefix. */
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly random: Randomness;
  /** How long a call is repeated while the store cannot be used, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * The store is there and cannot be used as it is: repeating the call mends nothing, somebody has to act. The message says
 * what, where, and what to do.
 */
export class StoreUnusableError extends ProblemError {}

/** An object is there but cannot be understood. It is never overwritten or deleted by the system. */
export class DamagedObjectError extends StoreUnusableError {
  readonly key: string;

  constructor(key: string, what: string) {
    super({ code: 'unavailable', detail: `The object ${key} is damaged (${what}): ${repairOf(key)}.` });
    this.key = key;
  }
}

/** What mends a damaged object, by the kind of its key. */
export function repairOf(key: string): string {
  if (key.startsWith('registrations/')) return 'register it again, or restore a backup';
  if (key.startsWith(TEST_REQUESTS)) return 'delete the object, and ask for the test again';
  if (key.startsWith('state/'))
    return 'delete the object; what was learned of its registrations (failures, quarantines) begins anew';
  if (key.startsWith('leases/')) return 'delete the object while no cycle runs; it is made anew';
  if (key.startsWith('reports/')) return 'delete the object; only the last report and the counters are lost';
  if (key === META_KEY)
    return 'delete the object; seeds and the document of the original are merged once more';
  if (/^(outbox|dead-letters)\//.test(key)) return 'delete the object; that event is lost';
  return 'delete the object; it is made anew';
}

/** Others kept winning the race for one object until our patience ended. Nothing of ours was written. */
export class StoreContendedError extends ObjectStoreError {
  constructor(key: string) {
    super('unavailable', `others kept writing ${key}`);
  }
}

const BACKOFF_BASE_MS = { unavailable: 50, throttled: 500, contended: 25 } as const;
const BACKOFF_MAX_MS = 2000;

/** Waits before the next attempt: exponential, with full jitter so that racers do not retry in step. */
export async function backOff(
  context: StoreContext,
  attempt: number,
  why: keyof typeof BACKOFF_BASE_MS,
): Promise<void> {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS[why] * 2 ** Math.min(attempt, 8));
  await context.clock.sleep(context.random.fraction() * ceiling);
}

/** Why an attempt may be made again, or nothing if it may not. */
export function retryReason(error: unknown): 'unavailable' | 'throttled' | undefined {
  if (!(error instanceof ObjectStoreError) || !error.retryable) return undefined;
  return error.code === 'throttled' ? 'throttled' : 'unavailable';
}

/** Repeats a call that may safely happen twice (reads, deletes) while the store cannot be used, within the patience. */
export async function repeated<T>(context: StoreContext, call: () => Promise<T>): Promise<T> {
  const endMs = context.clock.nowMs() + context.patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const why = retryReason(error);
      if (why === undefined || context.clock.nowMs() >= endMs) throw error;
      await backOff(context, attempt, why);
    }
  }
}
