import { BILLED, type Billed, type Figures } from './figures.ts';
import { isColdCall, runSeconds, secondsPerCall, shapeOf, type Run } from './instances.ts';
import {
  notifyRequests,
  persistRequests,
  rangeRequests,
  registerRequests,
  restoreRequests,
  scrapeRequests,
  type Requests,
} from './requests.ts';
import { rangesOfCycle, runsPerDay, type Workload } from './workload.ts';

/** What one function does, and what of that is billed, in a month. */
export interface Line {
  readonly function: string;
  /** How often it runs, or is called. */
  readonly times: number;
  /** Of one time, on average. */
  readonly requests: Requests;
  /** For so long an instance is billed for one time; 0 where instances are one's own. */
  readonly seconds: number;
  readonly billed: Amounts;
}

export type Amounts = Readonly<Record<Billed, number>>;

/** What an observer asks for in a month, and what that costs. */
export interface Estimate {
  /** Into how many ranges notify cycles are split; 1: not at all. */
  readonly ranges: number;
  readonly queue_manager_requests: number;
  readonly functions: readonly Line[];
  readonly billed: Amounts;
  readonly dollars: Amounts;
  readonly dollars_together: number;
  /** The same where nothing is free, or others have used it up. */
  readonly dollars_nothing_free: number;
  /** What would not work like this. */
  readonly warnings: readonly string[];
}

/** Days of a month. */
export const DAYS = 30;

/** Estimates what `workload` comes to in a month. Pure. */
export function estimate(workload: Workload, figures: Figures): Estimate {
  const functions = [...cycleLines(workload, figures), ...calledLines(workload, figures)];
  const billed = amounts((what) => sum(functions.map((line) => line.billed[what])));
  const price = (what: Billed, amount: number): number => (amount * figures.dollars_per_million[what]) / 1e6;
  const dollars = amounts((what) => price(what, Math.max(0, billed[what] - figures.free_per_month[what])));
  return {
    ranges: rangesOfCycle(workload),
    queue_manager_requests: DAYS * runsPerDay(workload, 'notify') * workload.queueManagers,
    functions,
    billed,
    dollars,
    dollars_together: sum(BILLED.map((what) => dollars[what])),
    dollars_nothing_free: sum(BILLED.map((what) => price(what, billed[what]))),
    warnings: functions.flatMap(warningOf),
  };
}

function cycleLines(workload: Workload, figures: Figures): readonly Line[] {
  const { registrations } = workload;
  const wakeUps = workload.wakeUpsPerDay / runsPerDay(workload, 'notify');
  const ranges = rangesOfCycle(workload);
  const cycle = (name: string, times: number, run: Run, waitSeconds = 0): Line => {
    const shape = shapeOf(name);
    const seconds = waitSeconds + runSeconds(shape, run, figures) + shape.delaySeconds;
    return lineOf(name, DAYS * times, run.requests, workload.warm ? 0 : seconds);
  };
  const part = { registrations: registrations / ranges, wakeUps: wakeUps / ranges };
  const whole = { registrations, wakeUps: 0 };
  const notifyRuns = runsPerDay(workload, 'notify');
  const range = { requests: rangeRequests(workload), ...part };
  // A cycle that is split waits for its ranges, whose instances start when it has started.
  const waitSeconds = ranges === 1 ? 0 : figures.assumed.start_seconds;
  return [
    cycle('notify-cycle', notifyRuns, { requests: notifyRequests(workload), ...part }, waitSeconds),
    ...(ranges === 1 ? [] : [cycle('notify-range', notifyRuns * ranges, range)]),
    cycle('restore-cycle', runsPerDay(workload, 'restore'), {
      requests: restoreRequests(workload),
      ...whole,
    }),
    cycle('persist', runsPerDay(workload, 'persist'), { requests: persistRequests(workload), ...whole }),
  ];
}

function calledLines(workload: Workload, figures: Figures): readonly Line[] {
  const called = (name: string, perDay: number, requests: (isCold: boolean) => Requests): readonly Line[] => {
    if (perDay === 0) return [];
    const shape = shapeOf(name);
    const seconds = workload.warm ? 0 : secondsPerCall(shape, perDay, figures);
    return [lineOf(name, DAYS * perDay, requests(isColdCall(shape, perDay)), seconds)];
  };
  return [
    ...called('register', workload.changesPerDay, (isCold) => registerRequests(workload, isCold)),
    ...called('actuator', workload.scrapesPerDay, () => scrapeRequests(workload)),
  ];
}

function lineOf(name: string, times: number, requests: Requests, seconds: number): Line {
  const { vcpu, gb } = shapeOf(name);
  const { puts, lists, gets } = requests;
  const billed = {
    class_a: times * (puts + lists),
    class_b: times * gets,
    vcpu_seconds: times * seconds * vcpu,
    gb_seconds: times * seconds * gb,
    calls: seconds === 0 ? 0 : times,
  };
  return { function: name, times, requests, seconds, billed };
}

function warningOf({ function: name, seconds }: Line): readonly string[] {
  const { delaySeconds, secondsMax } = shapeOf(name);
  const runs = Math.round(seconds - delaySeconds);
  return runs <= secondsMax
    ? []
    : [`${name} would take ${runs} s, and has ${secondsMax} s: it would not end.`];
}

function amounts(of: (what: Billed) => number): Amounts {
  return {
    class_a: of('class_a'),
    class_b: of('class_b'),
    vcpu_seconds: of('vcpu_seconds'),
    gb_seconds: of('gb_seconds'),
    calls: of('calls'),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((so, one) => so + one, 0);
}
