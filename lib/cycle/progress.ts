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
  /** When the oldest message at the last wake-up was put, epoch milliseconds; 0 when that is not known. */
  readonly oldestPutAtMs: number;
  /** The depth has risen during the run. */
  readonly rising: boolean;
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
 * A depth that rises may be that of a consumer who works and does not keep up. Where the age of messages is not known,
 * which would tell, it is woken at least so often.
 */
const INTERVAL_RISING_MAX_MS = 300_000;
/** Ages are whole seconds, and taken a moment before they are looked at. */
const AGE_BLUR_MS = 5_000;

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
 * subject, or the oldest message gone: it is younger now, or came after the wake-up.
 */
export function stillStanding(
  before: Standstill | undefined,
  { subject, depth, oldestMessageAgeMs }: Sight,
  nowMs: number,
): Standstill | undefined {
  if (before === undefined || before.subject !== subject || depth < before.depth) return undefined;
  if (oldestMessageAgeMs === undefined) return before;
  const oldestPutAtMs = nowMs - oldestMessageAgeMs;
  const isGone = before.oldestPutAtMs > 0 && oldestPutAtMs > before.oldestPutAtMs + AGE_BLUR_MS;
  return isGone || oldestPutAtMs > before.wokenAtMs ? undefined : before;
}

/** Whether the ages of messages would tell whether there is progress where the depth does not. */
export function needsAge(standstill: Standstill | undefined): boolean {
  return standstill !== undefined && standstill.wakeUps >= WAKE_UPS_FREE - 1;
}

/**
 * When the next wake-up may be, in epoch milliseconds, if that is later than now: at most an hour after the last one. A
 * last wake-up in the future holds nothing back, for then a clock was put back.
 */
export function heldBackUntilMs(standstill: Standstill | undefined, nowMs: number): number | undefined {
  if (standstill === undefined) return undefined;
  const { wakeUps, wokenAtMs, oldestPutAtMs, rising } = standstill;
  if (wakeUps < WAKE_UPS_FREE || wokenAtMs > nowMs) return undefined;
  const maxMs = rising && oldestPutAtMs === 0 ? INTERVAL_RISING_MAX_MS : INTERVAL_MAX_MS;
  const untilMs = wokenAtMs + Math.min(INTERVAL_FIRST_MS * 2 ** (wakeUps - WAKE_UPS_FREE), maxMs);
  return nowMs < untilMs ? untilMs : undefined;
}

/** Counts a wake-up that succeeded; `standing` is what `stillStanding` left. */
export function afterWakeUp(
  standing: Standstill | undefined,
  { subject, depth, oldestMessageAgeMs }: Sight,
  nowMs: number,
): Standstill {
  const wakeUps = (standing?.wakeUps ?? 0) + 1;
  const oldestPutAtMs = oldestMessageAgeMs === undefined ? 0 : Math.max(0, nowMs - oldestMessageAgeMs);
  const rising = standing !== undefined && (standing.rising || depth > standing.depth);
  return { subject, depth, wakeUps, wokenAtMs: nowMs, oldestPutAtMs, rising };
}

type Entry = readonly [
  id: string,
  subject: string,
  depth: number,
  wakeUps: number,
  wokenAtMs: number,
  oldestPutAtMs: number,
  rising: 0 | 1,
];

/** So many are remembered; beyond that those with the fewest wake-ups are forgotten, which holds nobody back. */
const STANDSTILLS_MAX = 10_000;

/** Standstills by id, in their stored form: the longest runs first, of equals now these and now those (`random` below 1). */
export function encodeStandstills(
  standstills: ReadonlyMap<string, Standstill>,
  random: () => number,
): readonly Entry[] {
  const drawn = [...standstills].map(([id, standstill]) => ({ id, standstill, lot: random() }));
  drawn.sort((a, b) => b.standstill.wakeUps - a.standstill.wakeUps || a.lot - b.lot);
  return drawn.slice(0, STANDSTILLS_MAX).map(({ id, standstill }) => {
    const { subject, depth, wakeUps, wokenAtMs, oldestPutAtMs, rising } = standstill;
    return [id, subject, depth, wakeUps, wokenAtMs, oldestPutAtMs, rising ? 1 : 0];
  });
}

/** Reads the stored form. What is not of its form counts for nothing. Total: never throws. */
export function parseStandstills(stored: unknown): ReadonlyMap<string, Standstill> {
  const entries = Array.isArray(stored) ? stored.slice(0, STANDSTILLS_MAX).filter(isEntry) : [];
  return new Map(
    entries.map(([id, subject, depth, wakeUps, wokenAtMs, oldestPutAtMs, rising]) => [
      id,
      { subject, depth, wakeUps, wokenAtMs, oldestPutAtMs, rising: rising === 1 },
    ]),
  );
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value)) return false;
  const [id, subject, ...numbers]: unknown[] = value;
  return (
    typeof id === 'string' &&
    typeof subject === 'string' &&
    numbers.length === 5 &&
    numbers.every((number) => Number.isSafeInteger(number) && Number(number) >= 0) &&
    numbers.slice(0, 3).every((number) => Number(number) > 0)
  );
}
