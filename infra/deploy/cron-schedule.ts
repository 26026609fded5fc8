import { nthTickMs } from '../../lib/health/schedule.ts';
import type {
  CycleSettings,
  ExecutionMode,
  Schedule,
} from '../../lib/platform/configuration/configuration.ts';
import type { ConfigurationProblem } from '../../lib/platform/configuration/findings.ts';
import type { CronTrigger, FunctionList } from '../../local/function-list/function-list.ts';
import type { DeploymentNames } from './names.ts';

/** A cron subscription as it should be: which function it calls, and when, in five fields and UTC. */
export interface Subscription {
  readonly name: string;
  readonly destination: string;
  readonly schedule: string;
}

export interface WantedSubscriptions {
  readonly subscriptions: readonly Subscription[];
  /** Schedules that the platform cannot follow, by the setting to change. */
  readonly problems: readonly ConfigurationProblem[];
}

/** The subscriptions that the execution mode lets fire: one for every cron trigger of `functions/functions.json`. */
export function wantedSubscriptions(
  functions: FunctionList,
  { cycles, mode }: { readonly cycles: CycleSettings; readonly mode: ExecutionMode },
  names: DeploymentNames,
): WantedSubscriptions {
  const subscriptions: Subscription[] = [];
  const problems: ConfigurationProblem[] = [];
  for (const { name, triggers } of functions)
    for (const trigger of triggers) {
      if (trigger.kind !== 'cron' || !trigger.modes.includes(mode)) continue;
      const cron = cronOf(cycles[trigger.cycle], trigger);
      if (typeof cron === 'string')
        subscriptions.push({
          name: names.ofSubscription(name),
          destination: names.ofFunction(name),
          schedule: cron,
        });
      else problems.push(cron);
    }
  return { subscriptions, problems };
}

/** Cron counts from the full hour and from midnight: only what divides them comes at even intervals. */
function cronOf(
  schedule: Schedule,
  { scheduleSetting, intervalSetting }: CronTrigger,
): string | ConfigurationProblem {
  if (schedule.kind === 'cron') return fiveFields(schedule, scheduleSetting);
  const minutes = schedule.intervalMs / 60_000;
  const hours = minutes / 60;
  if (!Number.isInteger(minutes))
    return {
      key: 'TEST',
      message: `is on and asks for a cycle every ${schedule.intervalMs / 1000} seconds; expected it off, for it is meant for a machine of your own: a cron subscription fires once a minute at most`,
    };
  if (minutes === 1) return '* * * * *';
  if (minutes < 60 && 60 % minutes === 0) return `*/${minutes} * * * *`;
  if (hours === 1) return '0 * * * *';
  if (hours === 24) return '0 0 * * *';
  if (Number.isInteger(hours) && 24 % hours === 0) return `0 */${hours} * * *`;
  return {
    key: intervalSetting,
    message: `is ${minutes} minutes, which a cron subscription cannot keep; expected a divisor of 60 minutes or of 24 hours, or ${scheduleSetting} in its place`,
  };
}

function fiveFields(
  schedule: Extract<Schedule, { readonly kind: 'cron' }>,
  key: string,
): string | ConfigurationProblem {
  const given = `is ${JSON.stringify(schedule.expression)}`;
  if (schedule.expression.split(' ').length !== 5)
    return {
      key,
      message: `${given}, with seconds; expected five fields: a cron subscription fires once a minute at most`,
    };
  return nthTickMs(schedule, 0, 1) === undefined
    ? { key, message: `${given}, which names no time that will ever come; expected one that does` }
    : schedule.expression;
}
