import { RANGE_COUNTS, type RangeCount } from '../../store/ranges.ts';

/** How much one cycle, or one range of it, had to do. */
export interface Load {
  readonly registrations: number;
  /** How long attempts held slots, added up, in milliseconds. */
  readonly slotMs: number;
  /** Wake-ups that were begun, and those that no time was left for. */
  readonly due: number;
  /** Wake-ups that no time was left for. */
  readonly deferred: number;
}

/** What one invocation can take. */
export interface Capacity {
  readonly registrationsMax: number;
  /** Slots that attempts have at the same time. */
  readonly slots: number;
  /** Time for waking, in milliseconds. */
  readonly wakeMs: number;
}

/** Of an invocation's time so much is planned with, so that a cycle that is a little worse than the last one fits, too. */
const FILL = 0.7;
/** Ranges become fewer only when they would be filled less than this: a load at the border does not change them back and forth. */
const FILL_TO_SHRINK = { slots: 0.5, registrations: 0.9 };

/**
 * Into how many ranges the next cycle is split, from the load of the last one: as few as can take it. What was deferred
 * counts as if it took as long as what was woken.
 * @param before how many there were
 */
export function planRanges(load: Load, before: RangeCount, capacity: Capacity): RangeCount {
  const wanted = neededBy(load, capacity, { slots: FILL, registrations: 1 });
  if (wanted >= before) return wanted;
  const shrunk = neededBy(load, capacity, FILL_TO_SHRINK);
  return shrunk < before ? shrunk : before;
}

function neededBy(
  { registrations, slotMs, due, deferred }: Load,
  capacity: Capacity,
  fill: typeof FILL_TO_SHRINK,
): RangeCount {
  const wholeSlotMs = due > deferred ? (slotMs * due) / (due - deferred) : slotMs;
  const fits = (count: RangeCount): boolean =>
    registrations <= capacity.registrationsMax * fill.registrations * count &&
    wholeSlotMs <= capacity.slots * capacity.wakeMs * fill.slots * count;
  return RANGE_COUNTS.find(fits) ?? MOST;
}

/** Where nothing is known but that it is too much for one. */
export const MOST: RangeCount = 16;

export function sumOf(loads: readonly Load[]): Load {
  return loads.reduce(
    (sum, load) => ({
      registrations: sum.registrations + load.registrations,
      slotMs: sum.slotMs + load.slotMs,
      due: sum.due + load.due,
      deferred: sum.deferred + load.deferred,
    }),
    NO_LOAD,
  );
}

const NO_LOAD: Load = { registrations: 0, slotMs: 0, due: 0, deferred: 0 };

/** The load, or that of an earlier cycle where that was more. */
export function atLeast(load: Load, before: Load): Load {
  const registrations = Math.max(load.registrations, before.registrations);
  return before.slotMs > load.slotMs ? { ...before, registrations } : { ...load, registrations };
}

/** What a cycle remembers of its load for the next one. */
export interface RememberedLoad {
  readonly load: Load;
  readonly ranges: RangeCount;
  /** Of how many ranges it was heard how they ended. */
  readonly heard: 'all' | 'some' | 'none';
}

/** Reads what an earlier cycle remembered. Total: what is not of its form counts for nothing. */
export function parseLoad(memory: Readonly<Record<string, unknown>>): RememberedLoad {
  const { load, ranges, heard }: Partial<Record<string, unknown>> = { ...asObject(memory['load']) };
  const count = RANGE_COUNTS.find((one) => one === ranges);
  return {
    load: loadIn(load) ?? NO_LOAD,
    ranges: count ?? 1,
    heard: heard === 'some' || heard === 'none' ? heard : 'all',
  };
}

/** A load as it was stored or sent, or `undefined` if it is not one. */
export function loadIn(value: unknown): Load | undefined {
  const { registrations, slotMs, due, deferred }: Partial<Record<string, unknown>> = { ...asObject(value) };
  const isLoad = isCount(registrations) && isCount(slotMs) && isCount(due) && isCount(deferred);
  return isLoad ? { registrations, slotMs, due, deferred } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
