import { encodeStandstills, parseStandstills, type Standstill } from './progress.ts';
import type { Decision } from './report.ts';

/** What a run of the notify cycle knows from the runs before it, by registration. */
export interface Remembered {
  /** How many runs in a row had no time for whom. */
  readonly deferrals: ReadonlyMap<string, number>;
  readonly standstills: ReadonlyMap<string, Standstill>;
}

export const NOTHING_REMEMBERED: Remembered = { deferrals: new Map(), standstills: new Map() };

/** Reads what an earlier run kept for the next one. What is not of its form counts for nothing. Total: never throws. */
export function parseMemory(memory: Readonly<Record<string, unknown>>): Remembered {
  const deferred = memory['deferred'];
  return {
    deferrals: new Map(Array.isArray(deferred) ? deferred.filter(isDeferral) : []),
    standstills: parseStandstills(memory['standstills']),
  };
}

/** So many who were deferred are remembered: as many as one deployment is made for. */
const DEFERRALS_MAX = 100_000;

/**
 * What the next run needs to know, in its stored form.
 * @param random from 0 to below 1; decides who is forgotten when too many have waited equally long
 */
export function encodeMemory(
  decisions: readonly Decision[],
  before: Remembered,
  standstills: ReadonlyMap<string, Standstill>,
  random: () => number,
  deferralsMax = DEFERRALS_MAX,
): Readonly<Record<string, unknown>> {
  const deferred = deferralsAfter(decisions, before.deferrals, random, deferralsMax);
  return {
    ...(deferred.length === 0 ? {} : { deferred }),
    ...(standstills.size === 0 ? {} : { standstills: encodeStandstills(standstills, random) }),
  };
}

type Deferral = readonly [id: string, runs: number];

/**
 * Who waited longest first, so that the limit costs those who can best wait; of equals it costs now these and now those,
 * so that it is nobody's fate. Who waited already and whose queue manager was not read keeps its place.
 */
function deferralsAfter(
  decisions: readonly Decision[],
  before: ReadonlyMap<string, number>,
  random: () => number,
  max: number,
): Deferral[] {
  const all = decisions.flatMap(({ id, reason }): Deferral[] => {
    const runs = before.get(id) ?? 0;
    if (reason === 'deferred') return [[id, runs + 1]];
    return reason === 'queue_manager_error' && runs > 0 ? [[id, runs]] : [];
  });
  if (all.length <= max) return all;
  const drawn = all.map((deferral) => ({ deferral, lot: random() }));
  drawn.sort((a, b) => b.deferral[1] - a.deferral[1] || a.lot - b.lot);
  return drawn.slice(0, max).map(({ deferral }) => deferral);
}

function isDeferral(value: unknown): value is Deferral {
  if (!Array.isArray(value)) return false;
  const [id, runs]: unknown[] = value;
  return typeof id === 'string' && typeof runs === 'number' && Number.isSafeInteger(runs) && runs > 0;
}
