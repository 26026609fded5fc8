import type { CycleName } from '../../lib/store/keys.ts';
import { createFailureModel, type FailureModel } from './model-failures.ts';
import { createPresenceModel, type PresenceModel } from './model-presence.ts';
import { seededRandomness } from './seeded-randomness.ts';
import { createCycleRunner, type CycleRunner } from './simulation-cycles.ts';
import { randomFaults, type FaultRates } from './simulation-faults.ts';
import { createOwner, type Owner } from './simulation-owner.ts';
import { createSchedule, type Schedule } from './simulation-schedule.ts';
import { createWorld, marked, type Instance, type World } from './simulation-world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly rates: FaultRates;
  /** Drop what fails too often, in place of putting it into quarantine. */
  readonly dropBad: boolean;
  /** Split notify cycles with more registrations than this. */
  readonly splitAbove?: number;
}

export type Role = 'register' | CycleName;

/** A place for an instance of a function: one at a time, followed by another when it dies. */
export interface Slot {
  instance: Instance;
  busy: boolean;
}

/** What everything in a simulation works with. */
export interface Simulation {
  readonly options: SimulationOptions;
  readonly schedule: Schedule;
  readonly world: World;
  readonly presence: PresenceModel;
  readonly failures: FailureModel;
  readonly owner: Owner;
  readonly cycles: CycleRunner;
  readonly slots: Readonly<Record<Role, readonly Slot[]>>;
  /** Starts an instance that meets faults. */
  readonly start: () => Instance;
  readonly chance: Chance;
  /** Remembers what happened, for the count and for whoever has to find out why. */
  readonly note: (what: string) => void;
}

/** Choices that follow from the seed. */
export interface Chance {
  /** A whole number from 0 to below `max`. */
  readonly below: (max: number) => number;
  readonly oneOf: <T>(list: readonly [T, ...T[]]) => T;
  readonly happens: (share: number) => boolean;
}

export const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
export const SEEDED = ['a', 'h'] as const;
export const SEED_DATA = JSON.stringify({ mq_requests: SEEDED.map((id) => marked(id, 'seed')) });
const INSTANCES: Readonly<Record<Role, number>> = { register: 3, notify: 2, restore: 2, persist: 2 };
/** Clocks of instances differ by no more than leases tolerate. */
const SKEW_MS_MAX = 5_000;
const QUARANTINE_MS = 3_600_000;

export function createSimulation(options: SimulationOptions, note: (what: string) => void): Simulation {
  const random = seededRandomness(options.seed);
  const below = (max: number): number => Math.floor(random.fraction() * max);
  const chance: Chance = {
    below,
    oneOf: (list) => list[below(list.length)] ?? list[0],
    happens: (share) => random.fraction() < share,
  };
  const schedule = createSchedule(random);
  const failurePolicy = { dropBad: options.dropBad, quarantineMs: QUARANTINE_MS };
  const world = createWorld({
    ...{ clock: schedule.clock, failurePolicy },
    ...(options.splitAbove === undefined ? {} : { splitAbove: options.splitAbove }),
  });
  const presence = createPresenceModel();
  const failures = createFailureModel();

  const start = (): Instance => {
    const skewMs = below(SKEW_MS_MAX);
    return world.start({
      objects: schedule.through(world.objects),
      plan: randomFaults(random, schedule.clock, options.rates),
      clock: { ...schedule.clock, nowMs: () => schedule.clock.nowMs() + skewMs },
      seedData: SEED_DATA,
    });
  };
  const slotsOf = (role: Role): Slot[] =>
    Array.from({ length: INSTANCES[role] }, () => ({ instance: start(), busy: false }));
  return {
    options,
    schedule,
    world,
    presence,
    failures,
    owner: createOwner(presence, options.dropBad),
    cycles: createCycleRunner(failures, IDS.length),
    slots: {
      register: slotsOf('register'),
      notify: slotsOf('notify'),
      restore: slotsOf('restore'),
      persist: slotsOf('persist'),
    },
    start,
    chance,
    note,
  };
}

/** Throws when what was found of an id cannot be explained. `since`: the reading began then and took until now. */
export function expectPossible(
  { presence, options }: Simulation,
  id: string,
  found: string | undefined,
  since?: number,
): void {
  // Whoever reads does not see a registration that was dropped, and nobody told the model that it was.
  if (found === undefined && options.dropBad && since !== undefined) return;
  const possible = presence.possible(id, since);
  if (!possible.includes(found))
    throw new Error(`${id} is ${found ?? 'absent'}; possible is ${possible.map(String).join(', ')}`);
}
