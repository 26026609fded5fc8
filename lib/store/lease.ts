import { createDocument, type StoredDocument } from './document.ts';
import { leaseKey, type RunName } from './keys.ts';
import type { StoreContext } from './store-context.ts';

/** A number that grows with every taking of a lease. What carries an older one came too late. */
export type Fence = number;

/** The lease has run out or was taken over: the cycle that held it writes nothing more. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The right to run one cycle. */
export interface Lease {
  readonly cycle: RunName | 'merge';
  readonly fence: Fence;
  /** The fence of the one before; 0 when there was none. */
  readonly fenceBefore: Fence;
  /** True when the one before did not give it back: it may still be running, and must be fenced off. */
  readonly takenOver: boolean;
  /** Throws `LeaseLostError` once the lease has run out by our own clock. Called before each write. */
  readonly assertHeld: () => void;
  /**
   * Reads the lease back and throws `LeaseLostError` when it is no longer ours, whatever our clock says. For objects that
   * carry no fence: a write under the condition of a version that was read before this overwrites no later holder's.
   */
  readonly confirm: () => Promise<void>;
  /**
   * Gives the lease back by a write. Never throws: a lease that is not given back runs out. With `forgetEvent` the event
   * that took it may take it again: nothing was done for it. With `fencedOff: false` whoever comes next takes it at once,
   * but as one that was not given back: somebody before us may still be running.
   */
  readonly release: (options?: {
    readonly forgetEvent?: boolean;
    readonly fencedOff?: boolean;
  }) => Promise<void>;
}

export type LeaseAnswer =
  | { readonly kind: 'taken'; readonly lease: Lease }
  | { readonly kind: 'held'; readonly untilMs: number }
  /** This very event was served before. */
  | { readonly kind: 'repeated' };

interface LeaseDocument {
  readonly format: 1;
  readonly fence: Fence;
  readonly holder: string;
  readonly free: boolean;
  readonly expiresAtMs: number;
  /** The latest events that took the lease, oldest first. */
  readonly events: readonly string[];
}

const FREE: LeaseDocument = { format: 1, fence: 0, holder: '', free: true, expiresAtMs: 0, events: [] };

/** Clocks of instances may differ by this much: a lease counts as expired only so long after its time. */
export const CLOCK_SKEW_MS = 5_000;
/** No cycle's lease lasts longer. */
const TTL_MS_MAX = 120_000;
const EVENTS_REMEMBERED = 32;

export interface Leases {
  /**
   * Takes the lease of a cycle for `ttlMs`, unless somebody holds it or `eventId` took it before.
   * @throws {DamagedObjectError} the lease cannot be read; nobody can run this cycle.
   * @throws {ObjectStoreError} the store could not be used.
   */
  readonly take: (cycle: RunName | 'merge', ttlMs: number, eventId?: string) => Promise<LeaseAnswer>;
  /**
   * Whether a cycle is held under that fence now.
   * @throws {DamagedObjectError}
   * @throws {ObjectStoreError}
   */
  readonly isHeld: (cycle: RunName, fence: Fence) => Promise<boolean>;
}

export function createLeases(context: StoreContext): Leases {
  const documents = new Map<string, StoredDocument<LeaseDocument>>();
  const documentOf = (cycle: RunName | 'merge'): StoredDocument<LeaseDocument> => {
    const known = documents.get(cycle);
    if (known !== undefined) return known;
    const made = createDocument(context, { key: leaseKey(cycle), empty: FREE, parse: parseLease });
    documents.set(cycle, made);
    return made;
  };

  const take: Leases['take'] = async (cycle, ttlMs, eventId) => {
    const document = documentOf(cycle);
    const holder = context.random.uuid();
    let before = await document.read();
    const after = await document.update((current) => {
      if (current.holder !== holder) before = current;
      return current.holder === holder
        ? current
        : taken(current, { holder, ttlMs, eventId, nowMs: context.clock.nowMs() });
    });
    if (after.holder !== holder)
      return repeats(after, eventId) ? { kind: 'repeated' } : { kind: 'held', untilMs: after.expiresAtMs };
    const lease = held(context, document, { cycle, before, ours: after, eventId });
    return { kind: 'taken', lease };
  };

  return {
    take,
    isHeld: async (cycle, fence) => {
      const current = await documentOf(cycle).read();
      return !current.free && current.fence === fence;
    },
  };
}

function repeats(lease: LeaseDocument, eventId: string | undefined): boolean {
  return eventId !== undefined && lease.events.includes(eventId);
}

/** The lease in new hands, or as it is when it cannot be taken. */
function taken(
  current: LeaseDocument,
  by: {
    readonly holder: string;
    readonly ttlMs: number;
    readonly eventId: string | undefined;
    readonly nowMs: number;
  },
): LeaseDocument {
  // An expiry further away than any lease lasts comes from a clock that was wrong.
  const isPlausible = current.expiresAtMs - by.nowMs <= Math.max(by.ttlMs, TTL_MS_MAX) + CLOCK_SKEW_MS;
  const isHeld = !current.free && isPlausible && by.nowMs <= current.expiresAtMs + CLOCK_SKEW_MS;
  if (isHeld || repeats(current, by.eventId)) return current;
  return {
    format: 1,
    // Not less than the time: so that fences grow even when the lease's object was deleted and made anew.
    fence: Math.max(current.fence + 1, by.nowMs),
    holder: by.holder,
    free: false,
    expiresAtMs: by.nowMs + by.ttlMs,
    events:
      by.eventId === undefined ? current.events : [...current.events, by.eventId].slice(-EVENTS_REMEMBERED),
  };
}

function held(
  context: StoreContext,
  document: StoredDocument<LeaseDocument>,
  taking: {
    readonly cycle: RunName | 'merge';
    readonly before: LeaseDocument;
    readonly ours: LeaseDocument;
    readonly eventId: string | undefined;
  },
): Lease {
  const { cycle, before, ours, eventId } = taking;
  const assertHeld = (): void => {
    if (context.clock.nowMs() > ours.expiresAtMs)
      throw new LeaseLostError(`the lease of the ${cycle} cycle (fence ${ours.fence}) has run out`);
  };
  return {
    cycle,
    fence: ours.fence,
    fenceBefore: before.fence,
    takenOver: !before.free,
    assertHeld,
    confirm: async () => {
      assertHeld();
      const { fence, holder } = await document.read();
      if (holder !== ours.holder)
        throw new LeaseLostError(
          `the ${cycle} cycle with fence ${ours.fence} was overtaken by fence ${fence}`,
        );
    },
    release: async ({ forgetEvent = false, fencedOff = true } = {}) => {
      try {
        await document.update((current) => {
          if (current.holder !== ours.holder || current.free) return current;
          return {
            ...current,
            ...(fencedOff ? { free: true } : { expiresAtMs: 0 }),
            events: forgetEvent ? current.events.filter((event) => event !== eventId) : current.events,
          };
        });
      } catch {
        // It runs out by itself.
      }
    },
  };
}

function parseLease(json: unknown): LeaseDocument | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, fence, holder, free, expiresAtMs, events } = { ...FREE, format: 0, ...json };
  const isLease =
    (format as unknown) === 1 &&
    Number.isSafeInteger(fence) &&
    typeof holder === 'string' &&
    typeof free === 'boolean' &&
    Number.isFinite(expiresAtMs) &&
    Array.isArray(events);
  return isLease ? { format: 1, fence, holder, free, expiresAtMs, events } : undefined;
}
