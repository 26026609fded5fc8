import { Cron } from 'croner';
import type { Schedule } from '../platform/configuration/configuration.ts';

/**
 * When a schedule comes for the `count`th time after `afterMs`, in UTC as the platform's cron counts; `undefined` for one
 * that never does.
 */
export function nthTickMs(schedule: Schedule, afterMs: number, count: number): number | undefined {
  if (schedule.kind === 'every') return afterMs + count * schedule.intervalMs;
  const cron = new Cron(schedule.expression, { timezone: 'UTC', mode: '5-or-6-parts', paused: true });
  return cron.nextRuns(count, new Date(afterMs))[count - 1]?.getTime();
}
