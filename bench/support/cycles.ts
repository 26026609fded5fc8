import { median } from '../form/statistics.ts';
import type { FleetPlan } from './fleet-plan.ts';
import type { ProcessSize } from './process-size.ts';
import { runProgram, startProgram } from './programs.ts';

/** What `bench/programs/cycles.ts` is to do. */
export interface CyclesGiven {
  /** Of the bucket. */
  readonly url: string;
  /** Of the sink. */
  readonly port: number;
  readonly queueManagers: readonly string[];
  readonly cycles: number;
  /** After which cycles, from 1, it says how large it is. */
  readonly sizesAfter: readonly number[];
  /** With queue managers. */
  readonly patienceMs: number;
}

export interface OneCycle {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly storeRequests: number;
  readonly woken: number;
  /** That were asked. */
  readonly queueManagers: number;
}

export interface CyclesTold {
  readonly cycles: readonly OneCycle[];
  readonly sizes: readonly ProcessSize[];
}

const PATIENCE_MS = 20_000;

/** Runs cycles over a fleet in a bucket of its own, in a process of their own. */
export async function runCycles(
  plan: FleetPlan,
  { cycles, sizesAfter }: Pick<CyclesGiven, 'cycles' | 'sizesAfter'>,
): Promise<CyclesTold> {
  const server = await startProgram<string>('bucket-server', { plan });
  const { port, queueManagers } = plan;
  try {
    const given = { url: server.told, port, queueManagers, cycles, sizesAfter, patienceMs: PATIENCE_MS };
    return await runProgram<CyclesTold>('cycles', given, { execArgv: ['--expose-gc'] });
  } finally {
    await server.stop();
  }
}

/** The median of one count over all cycles but the first, which is cold. */
export function warmMedian({ cycles }: CyclesTold, of: (cycle: OneCycle) => number): number {
  return median(cycles.slice(1).map(of));
}
