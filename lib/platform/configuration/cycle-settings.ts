import type { CycleSettings, Schedule } from './configuration.ts';
import { cronExpression } from './cron-expression.ts';
import { minutes } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { showExpression, showInterval } from './show.ts';

const MINUTE_MS = 60_000;

/** Intervals are held in milliseconds; only the defaults under `TEST` are not whole minutes. */
const notifyInterval: Setting<number> = {
  name: 'NOTIFY_INTERVAL',
  parse: minutes,
  byDefault: 5 * MINUTE_MS,
  underTest: MINUTE_MS / 2,
  about: 'Minutes between two looks at the queues.',
  show: ({ cycles }) => showInterval(cycles.notify),
};

const restoreInterval: Setting<number> = {
  name: 'RESTORE_INTERVAL',
  parse: minutes,
  byDefault: 60 * MINUTE_MS,
  underTest: 3 * MINUTE_MS,
  about: 'Minutes between two searches for quarantines that are over.',
  show: ({ cycles }) => showInterval(cycles.restore),
};

const persistInterval: Setting<number> = {
  name: 'PERSIST_INTERVAL',
  parse: minutes,
  byDefault: 10 * MINUTE_MS,
  underTest: 2 * MINUTE_MS,
  about: 'Minutes between two looks whether a snapshot and a backup are due.',
  show: ({ cycles }) => showInterval(cycles.persist),
};

const notifySchedule: Setting<string | undefined> = {
  name: 'NOTIFY_SCHEDULE',
  parse: cronExpression,
  byDefault: undefined,
  about: 'Cron expression in place of NOTIFY_INTERVAL.',
  show: ({ cycles }) => showExpression(cycles.notify),
};

const restoreSchedule: Setting<string | undefined> = {
  name: 'RESTORE_SCHEDULE',
  parse: cronExpression,
  byDefault: undefined,
  about: 'Cron expression in place of RESTORE_INTERVAL.',
  show: ({ cycles }) => showExpression(cycles.restore),
};

const persistSchedule: Setting<string | undefined> = {
  name: 'PERSIST_SCHEDULE',
  parse: cronExpression,
  byDefault: undefined,
  about: 'Cron expression in place of PERSIST_INTERVAL.',
  show: ({ cycles }) => showExpression(cycles.persist),
};

/** The rows of the schema that say when cycles run. */
export const cycleSettings: readonly Setting<unknown>[] = [
  notifyInterval,
  restoreInterval,
  persistInterval,
  notifySchedule,
  restoreSchedule,
  persistSchedule,
];

/** When each cycle runs. A schedule wins over its interval. */
export function readCycleSettings(reader: SettingReader): CycleSettings {
  const scheduleOf = (interval: Setting<number>, schedule: Setting<string | undefined>): Schedule => {
    const intervalMs = reader.read(interval);
    const expression = reader.read(schedule);
    if (expression === undefined) return { kind: 'every', intervalMs };
    reader.noEffect(interval, `${schedule.name} is set`);
    return { kind: 'cron', expression };
  };
  return {
    notify: scheduleOf(notifyInterval, notifySchedule),
    restore: scheduleOf(restoreInterval, restoreSchedule),
    persist: scheduleOf(persistInterval, persistSchedule),
  };
}
