import functionList from '../../../functions/functions.json' with { type: 'json' };
import type { Figures } from './figures.ts';
import type { Requests } from './requests.ts';

/** What instances of a function have, and how long they stay. */
export interface Shape {
  readonly vcpu: number;
  readonly gb: number;
  /** Billed after the last call. */
  readonly delaySeconds: number;
  /** The platform ends what takes longer. */
  readonly secondsMax: number;
}

/** One run of a cycle, or of a range of one. */
export interface Run {
  readonly requests: Requests;
  /** Registrations that it looks at, and wake-ups that it makes. */
  readonly registrations: number;
  readonly wakeUps: number;
}

/** What a run has under way at the same time. */
const GETS_AT_ONCE = 32;
const LISTS_AT_ONCE = 16;
const WAKE_UPS_AT_ONCE = 128;
const SECONDS_OF_DAY = 86_400;

/** The shape of a function of `functions.json`; `notify-range` is the bundle of `notify-cycle` under another name. */
export function shapeOf(name: string): Shape {
  const bundle = name === 'notify-range' ? 'notify-cycle' : name;
  const found = functionList.functions.find((one) => one.name === bundle);
  if (found === undefined) throw new Error(`no such function: ${name}`);
  return {
    vcpu: Number(found.cpu),
    gb: Number(found.memory.replace('G', '')),
    delaySeconds: found.scaleDownDelaySeconds,
    secondsMax: found.maxExecutionSeconds,
  };
}

/** How long a run takes on an instance that starts for it, in seconds. */
export function runSeconds(
  { vcpu }: Shape,
  { requests, registrations, wakeUps }: Run,
  figures: Figures,
): number {
  const { start_seconds, store_seconds, answer_seconds, ...cpu } = figures.assumed;
  const store = (requests.gets / GETS_AT_ONCE + requests.lists / LISTS_AT_ONCE) * store_seconds;
  const looking = (registrations * cpu.cpu_microseconds_per_registration) / 1e6 / vcpu;
  const ofOne = Math.max(cpu.cpu_microseconds_per_wake_up / 1e6 / vcpu, answer_seconds / WAKE_UPS_AT_ONCE);
  return start_seconds + store + looking + wakeUps * ofOne;
}

/**
 * For how long an instance is billed for each of so many calls in a day, in seconds: until it is let go, or until the next
 * call, which then need not wait for a start.
 */
export function secondsPerCall({ delaySeconds }: Shape, callsPerDay: number, figures: Figures): number {
  return Math.min(figures.assumed.start_seconds + delaySeconds, SECONDS_OF_DAY / callsPerDay);
}

/** Whether calls come so rarely that each starts an instance. */
export function isColdCall({ delaySeconds }: Shape, callsPerDay: number): boolean {
  return SECONDS_OF_DAY / callsPerDay > delaySeconds;
}
