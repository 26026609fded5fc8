import { planRanges } from '../../../lib/cycle/fan-out/plan-ranges.ts';
import type { CycleName } from '../../../lib/store/keys.ts';
import type { RangeCount } from '../../../lib/store/ranges.ts';

/** What an observer has to do. Whatever comes in a day comes evenly over the day, and over the registrations. */
export interface Workload {
  readonly registrations: number;
  readonly queueManagers: number;
  /** Minutes between two runs. */
  readonly minutesBetween: Readonly<Record<CycleName, number>>;
  /** Registrations made, or made again, in a day. */
  readonly changesPerDay: number;
  readonly wakeUpsPerDay: number;
  /** The share of the registrations of which a wake-up is remembered: those with a cooldown or a job, and those that fail. From 0 to 1. */
  readonly rememberedShare: number;
  /** Readings of `/metrics`. */
  readonly scrapesPerDay: number;
  /** Endpoints that are told all lifecycle events. */
  readonly endpoints: number;
  /** With more registrations than this a notify cycle is split. */
  readonly fanOutRegistrations: number;
  /** Instances stay from run to run, as on a machine of one's own; else each run is a new one. */
  readonly warm: boolean;
}

const MINUTES_OF_DAY = 24 * 60;

/** Runs of a cycle in a day. */
export function runsPerDay({ minutesBetween }: Workload, cycle: CycleName): number {
  return MINUTES_OF_DAY / minutesBetween[cycle];
}

/** Into how many ranges its notify cycles are split; 1: not at all. */
export function rangesOfCycle({ registrations, fanOutRegistrations }: Workload): RangeCount {
  const load = { registrations, slotMs: 0, due: 0, deferred: 0 };
  return planRanges(load, 1, { registrationsMax: fanOutRegistrations, slots: 1, wakeMs: 1 });
}

/** Wake-ups that are remembered, in a day. */
export function learnedPerDay({ wakeUpsPerDay, rememberedShare }: Workload): number {
  return wakeUpsPerDay * rememberedShare;
}

/** Changes in a day of registrations of which something is remembered at that time, which a persist cycle forgets. */
export function forgottenPerDay({ changesPerDay, wakeUpsPerDay, rememberedShare }: Workload): number {
  const together = changesPerDay + wakeUpsPerDay;
  return together === 0 ? 0 : (changesPerDay * rememberedShare * wakeUpsPerDay) / together;
}
