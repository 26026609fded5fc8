import type { Clock } from '../../lib/platform/clock.ts';
import type { CycleSettings, ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import type { CronTrigger, FunctionList } from '../function-list/function-list.ts';
import { deliverTick, type TickResult } from './deliver-tick.ts';
import { ScheduleError, startTimer, type Timer } from './timer.ts';

/** What stands in for the platform's cron subscriptions. */
export interface Scheduler {
  /** The functions that it calls, with their schedules. */
  readonly scheduled: readonly { readonly name: string; readonly trigger: CronTrigger }[];
  /** No new ticks and no new deliveries; what is being delivered goes on. */
  readonly stop: () => void;
}

export interface SchedulerDeps {
  readonly functions: FunctionList;
  readonly cycles: CycleSettings;
  readonly mode: ExecutionMode;
  /** Calls a function and resolves with the HTTP status of its answer. Never rejects. */
  readonly call: (name: string, paramsJson: string) => Promise<number>;
  readonly clock: Clock;
  readonly uuid: () => string;
  readonly onTick: (name: string, result: TickResult) => void;
}

/**
 * Starts a timer for every cron trigger that the execution mode lets fire.
 * @throws {ScheduleError} naming the setting whose schedule cannot be followed; then no timer runs.
 */
export function startScheduler(deps: SchedulerDeps): Scheduler {
  const stopping = new AbortController();
  const scheduled = deps.functions.flatMap(({ name, triggers }) =>
    triggers.flatMap((trigger) =>
      trigger.kind === 'cron' && trigger.modes.includes(deps.mode) ? [{ name, trigger }] : [],
    ),
  );
  const tick = (name: string): void => {
    const delivery = {
      call: (json: string) => deps.call(name, json),
      clock: deps.clock,
      signal: stopping.signal,
    };
    const one = { id: deps.uuid(), subscription: name, timeMs: deps.clock.nowMs() };
    void deliverTick(one, delivery).then((result) => deps.onTick(name, result));
  };
  const timers: Timer[] = [];
  const stop = (): void => {
    stopping.abort();
    for (const timer of timers) timer.stop();
  };
  for (const { name, trigger } of scheduled)
    try {
      timers.push(startTimer(deps.cycles[trigger.cycle], () => tick(name)));
    } catch (error) {
      stop();
      if (!(error instanceof ScheduleError)) throw error;
      throw new ScheduleError(`${trigger.scheduleSetting}: ${error.message}`, { cause: error });
    }
  return { scheduled, stop };
}
