import { Cron } from 'croner';
import type { Schedule } from '../../lib/platform/configuration/configuration.ts';

/** A running timer. */
export interface Timer {
  readonly stop: () => void;
}

/** A schedule that cannot be followed. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/**
 * Calls `onTick` whenever the schedule says so: a cron expression of five or six fields in UTC, or an interval, whose
 * first tick comes after one interval. Ticks are neither made up for nor held back when the one before still runs.
 * @throws {ScheduleError} when the expression is not one, or names no time that will ever come.
 */
export function startTimer(schedule: Schedule, onTick: () => void): Timer {
  return schedule.kind === 'cron'
    ? startCron(schedule.expression, onTick)
    : startInterval(schedule.intervalMs, onTick);
}

function startCron(expression: string, onTick: () => void): Timer {
  const cron = ((): Cron => {
    try {
      return new Cron(expression, { timezone: 'UTC', mode: '5-or-6-parts' }, onTick);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ScheduleError(
        `${JSON.stringify(expression)} is not a cron expression of five or six fields: ${reason}`,
        {
          cause,
        },
      );
    }
  })();
  if (cron.nextRun() !== null) return { stop: () => cron.stop() };
  cron.stop();
  throw new ScheduleError(`${JSON.stringify(expression)} names no time that will ever come`);
}

// Node fires a timer with a longer delay at once.
const DELAY_MS_MAX = 2 ** 31 - 1;

function startInterval(intervalMs: number, onTick: () => void): Timer {
  let dueMs = performance.now() + intervalMs;
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    timer = setTimeout(
      () => {
        if (performance.now() < dueMs) return arm();
        // From when it was due, not from now: small delays must not add up. What was slept through is not made up for.
        dueMs = Math.max(dueMs, performance.now() - intervalMs) + intervalMs;
        arm();
        onTick();
      },
      Math.min(Math.ceil(dueMs - performance.now()), DELAY_MS_MAX),
    );
  };
  arm();
  return { stop: () => clearTimeout(timer) };
}
