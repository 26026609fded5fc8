import type { RegistrationRecord } from '../registration/registration.ts';

/**
 * The guard against wake-ups that achieve nothing: a message that is backed out for ever keeps its queue full, and would
 * have its owner woken in every cycle. The depth is looked at in every cycle and not only at wake-ups, so that a queue
 * which is emptied and filled again is seen to move as soon as a wake-up is held back.
 */

/** A run of wake-ups, none of which found the depth lower than the one before. */
export interface Standstill {
  /** What it is about: see `subjectOf`. */
  readonly subject: string;
  /** Messages at the last wake-up. */
  readonly depth: number;
  /** Wake-ups in the run, at least 1. */
  readonly wakeUps: number;
  readonly wokenAtMs: number;
}

/** What a cycle sees of the queue of one registration that is not below what it takes. */
export interface Sight {
  readonly subject: string;
  /** Messages: for a pattern those of all matches, for progress on any of them counts. */
  readonly depth: number;
  readonly oldestMessageAgeMs: number | undefined;
}

/** So many wake-ups in a row are free; then the interval between them grows. */
const WAKE_UPS_FREE = 10;
const INTERVAL_FIRST_MS = 60_000;
const INTERVAL_MAX_MS = 3_600_000;

/**
 * What has to stay the same for a standstill to go on: the revision, so that who registers again starts anew, and for a
 * pattern the queue. Of the revision its end is enough to tell two apart.
 */
export function subjectOf({ revision, queue: registered }: RegistrationRecord, queue: string): string {
  const end = revision.slice(-8);
  return queue === registered ? end : `${end}/${queue}`;
}

/**
 * What is left of a standstill: nothing once there was progress since its last wake-up, that is a lower depth, another
 * subject, or only messages that came later.
 */
export function stillStanding(
  before: Standstill | undefined,
  { subject, depth, oldestMessageAgeMs }: Sight,
  nowMs: number,
): Standstill | undefined {
  if (before === undefined || before.subject !== subject || depth < before.depth) return undefined;
  const allCameLater = oldestMessageAgeMs !== undefined && oldestMessageAgeMs < nowMs - before.wokenAtMs;
  return allCameLater ? undefined : before;
}

/**
 * When the next wake-up may be, in epoch milliseconds, if that is later than now: at most an hour after the last one. A
 * last wake-up in the future holds nothing back, for then a clock was put back.
 */
export function heldBackUntilMs(standstill: Standstill | undefined, nowMs: number): number | undefined {
  if (standstill === undefined) return undefined;
  const { wakeUps, wokenAtMs } = standstill;
  if (wakeUps < WAKE_UPS_FREE || wokenAtMs > nowMs) return undefined;
  const untilMs = wokenAtMs + Math.min(INTERVAL_FIRST_MS * 2 ** (wakeUps - WAKE_UPS_FREE), INTERVAL_MAX_MS);
  return nowMs < untilMs ? untilMs : undefined;
}

/** Counts a wake-up that succeeded; `standing` is what `stillStanding` left. */
export function afterWakeUp(
  standing: Standstill | undefined,
  { subject, depth }: Sight,
  nowMs: number,
): Standstill {
  return { subject, depth, wakeUps: (standing?.wakeUps ?? 0) + 1, wokenAtMs: nowMs };
}

type Entry = readonly [id: string, subject: string, depth: number, wakeUps: number, wokenAtMs: number];

/** So many are remembered; beyond that those with the fewest wake-ups are forgotten, which holds nobody back. */
const STANDSTILLS_MAX = 10_000;

/** Standstills by id, in their stored form: the longest runs first. */
export function encodeStandstills(standstills: ReadonlyMap<string, Standstill>): readonly Entry[] {
  const longest = [...standstills].toSorted(([, a], [, b]) => b.wakeUps - a.wakeUps);
  return longest
    .slice(0, STANDSTILLS_MAX)
    .map(([id, { subject, depth, wakeUps, wokenAtMs }]) => [id, subject, depth, wakeUps, wokenAtMs]);
}

/** Reads the stored form. What is not of its form counts for nothing. Total: never throws. */
export function parseStandstills(stored: unknown): ReadonlyMap<string, Standstill> {
  const entries = Array.isArray(stored) ? stored.slice(0, STANDSTILLS_MAX).filter(isEntry) : [];
  return new Map(
    entries.map(([id, subject, depth, wakeUps, wokenAtMs]) => [id, { subject, depth, wakeUps, wokenAtMs }]),
  );
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value)) return false;
  const [id, subject, ...numbers]: unknown[] = value;
  return (
    typeof id === 'string' &&
    typeof subject === 'string' &&
    numbers.length === 3 &&
    numbers.every((number) => Number.isSafeInteger(number) && Number(number) > 0)
  );
}
