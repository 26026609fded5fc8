/**
 * ISO 8601 durations of fixed length: weeks, days, hours, minutes, seconds with fractions. Years and months are refused,
 * for nobody can say how long they are. Milliseconds inside, never negative.
 */

/** The longest duration that a number holds exactly, in milliseconds. */
export const DURATION_MS_MAX = Number.MAX_SAFE_INTEGER;

/** The shortest and the longest duration accepted, both included, in milliseconds. */
export interface DurationBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

/** `expected` completes the sentence "expected …" and names the bounds. */
export type ParsedDuration =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly expected: string };

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

const TEXT_LENGTH_MAX = 100;
const SYNTAX =
  /^P(?=[\dT])(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d{1,9}))?S)?)?$/;

/**
 * Reads a duration such as `PT15S`, `P1DT12H` or `PT0.5S`, as it stands: no blanks, no sign, capitals only. A fraction
 * of up to nine digits is allowed on the seconds and rounded to the millisecond. Never throws.
 */
export function parseDuration(
  text: string,
  bounds: DurationBounds = { minMs: 0, maxMs: DURATION_MS_MAX },
): ParsedDuration {
  const ms = text.length <= TEXT_LENGTH_MAX ? millisecondsOf(text) : undefined;
  if (ms !== undefined && ms >= bounds.minMs && ms <= bounds.maxMs) return { ok: true, ms };
  return { ok: false, expected: `an ISO 8601 duration${describeBounds(bounds)}` };
}

function millisecondsOf(text: string): number | undefined {
  const match = SYNTAX.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const ms =
    part(1) * WEEK_MS +
    part(2) * DAY_MS +
    part(3) * HOUR_MS +
    part(4) * MINUTE_MS +
    part(5) * SECOND_MS +
    Math.round(Number(`0.${match[6] ?? 0}`) * SECOND_MS);
  return ms <= DURATION_MS_MAX ? ms : undefined;
}

function describeBounds({ minMs, maxMs }: DurationBounds): string {
  if (maxMs < DURATION_MS_MAX) return ` from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  if (minMs > 0) return ` of at least ${formatDuration(minMs)}, such as ${formatDuration(2 * minMs)}`;
  return ', such as PT15S or P1DT12H';
}

/**
 * Writes milliseconds as a duration in its shortest usual form: days, hours, minutes and seconds, no weeks, `PT0S` for
 * nothing. `parseDuration` reads it back exactly. Never throws: fractions of a millisecond are rounded, what is negative
 * or not a number counts as 0, what is too large as `DURATION_MS_MAX`.
 */
export function formatDuration(ms: number): string {
  const whole = Number.isNaN(ms) ? 0 : Math.round(Math.min(Math.max(ms, 0), DURATION_MS_MAX));
  const days = Math.floor(whole / DAY_MS);
  const hours = Math.floor((whole % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((whole % HOUR_MS) / MINUTE_MS);
  const seconds = (whole % MINUTE_MS) / SECOND_MS;
  const date = days > 0 ? `${days}D` : '';
  const time = [
    hours > 0 ? `${hours}H` : '',
    minutes > 0 ? `${minutes}M` : '',
    seconds > 0 ? `${seconds}S` : '',
  ].join('');
  if (date === '' && time === '') return 'PT0S';
  return time === '' ? `P${date}` : `P${date}T${time}`;
}
