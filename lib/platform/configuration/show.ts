import { formatDuration } from '../duration.ts';
import type { Secret } from '../secret.ts';
import type { Schedule } from './configuration.ts';
import type { Json } from './setting.ts';

const MASK = '[redacted]';

/** A secret as `[redacted]`; null where none is set, which an empty one counts as. */
export function masked(value: Secret | undefined): Json {
  return value === undefined || value.reveal() === '' ? null : MASK;
}

/** One `[redacted]` per secret. */
export function maskedList(values: readonly Secret[]): Json {
  return values.map(() => MASK);
}

/** The interval as an ISO 8601 duration; null where a cron expression is in force. */
export function showInterval(schedule: Schedule): Json {
  return schedule.kind === 'every' ? formatDuration(schedule.intervalMs) : null;
}

/** The cron expression; null where an interval is in force. */
export function showExpression(schedule: Schedule): Json {
  return schedule.kind === 'cron' ? schedule.expression : null;
}
