import type { Clock, Randomness } from '../../lib/platform/clock.ts';
import { truncated, type Fault, type FaultPlan, type Moment, type StoreCall } from './faulty-object-store.ts';

/** How many of a thousand calls meet each kind of fault. */
export interface FaultRates {
  readonly fails: number;
  readonly lost: number;
  readonly denied: number;
  readonly waits: number;
  readonly stalls: number;
  readonly damages: number;
  readonly killed: number;
}

export const CALM: FaultRates = { fails: 4, lost: 4, denied: 0, waits: 10, stalls: 0, damages: 0, killed: 2 };
export const ROUGH: FaultRates = {
  fails: 40,
  lost: 30,
  denied: 2,
  waits: 20,
  stalls: 6,
  damages: 8,
  killed: 8,
};

/** A call that is held up takes up to so long; one that stalls outlives any lease. */
const WAIT_MS_MAX = 10_000;
const STALL_MS_MAX = 300_000;

/** Faults by chance, the same for the same randomness and the same calls. */
export function randomFaults(random: Randomness, clock: Clock, rates: FaultRates): FaultPlan {
  const anyMoment = (): Moment => (random.fraction() < 0.5 ? 'before' : 'after');
  const waiting = (msMax: number): Fault => {
    const ms = random.fraction() * msMax;
    return { kind: 'waits', when: anyMoment(), until: () => clock.sleep(ms) };
  };
  const kinds: Readonly<Record<keyof FaultRates, (call: StoreCall) => Fault>> = {
    fails: () => ({
      kind: 'fails',
      when: 'before',
      code: random.fraction() < 0.7 ? 'unavailable' : 'throttled',
    }),
    lost: () => ({ kind: 'fails', when: 'after', code: 'unavailable' }),
    denied: () => ({ kind: 'fails', when: 'before', code: 'denied' }),
    waits: () => waiting(WAIT_MS_MAX),
    stalls: () => waiting(STALL_MS_MAX),
    damages: () => ({ kind: 'damages', change: truncated }),
    killed: () => ({ kind: 'killed', when: random.fraction() < 0.2 ? 'halfway' : anyMoment() }),
  };
  return (call) => {
    let dice = random.fraction() * 1000;
    for (const kind of Object.keys(kinds) as (keyof FaultRates)[]) {
      dice -= rates[kind];
      if (dice < 0) return kinds[kind](call);
    }
    return undefined;
  };
}
