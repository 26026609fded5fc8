import { createSimulation, SEEDED, type Simulation, type SimulationOptions } from './simulation-context.ts';
import { createOperations, letSomeFail } from './simulation-operations.ts';
import { createStocktaking } from './simulation-stocktaking.ts';

/** What happened, for a test that wants to see that enough did. */
export interface Tally {
  readonly steps: number;
  readonly counts: ReadonlyMap<string, number>;
}

const LANES_MAX = 5;
const OPERATIONS_PER_LANE_MAX = 4;
/** After so many rounds nothing goes on for a moment, and stock is taken. */
export const ROUNDS_PER_STOCKTAKING = 4;
const TRACE_MAX = 60;

/**
 * Runs several instances of every function over one object store, with faults, deaths, stalls, skewed and jumping clocks,
 * and compares what is there with what was acknowledged. Everything that happens follows from the seed.
 * @throws an error that names the seed and tells what came before.
 */
export async function simulate(options: SimulationOptions): Promise<Tally> {
  const counts = new Map<string, number>();
  const trace: string[] = [];
  const simulation = createSimulation(options, (what) => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
    trace.push(what);
  });
  try {
    await play(simulation);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const before = trace.slice(-TRACE_MAX).join(', ');
    throw new Error(`SIMULATION_SEED=${options.seed}: ${what}\nbefore it: ${before}`, { cause: error });
  }
  return { steps: simulation.schedule.steps(), counts };
}

async function play(simulation: Simulation): Promise<void> {
  const { chance, options, owner, schedule } = simulation;
  const perform = createOperations(simulation);
  const takeStock = createStocktaking(simulation);
  const lane = async (): Promise<void> => {
    for (let left = 1 + chance.below(OPERATIONS_PER_LANE_MAX); left > 0; left--) await perform();
  };
  owner.expectSeeds(SEEDED);
  letSomeFail(simulation);
  for (let round = 1; round <= options.rounds; round++) {
    await schedule.run(Promise.all(Array.from({ length: 1 + chance.below(LANES_MAX) }, lane)));
    if (round % ROUNDS_PER_STOCKTAKING === 0) await takeStock();
  }
}
