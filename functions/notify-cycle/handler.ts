import { runNotifyCycle, type NotifyDeps } from '../../lib/cycle/notify-cycle.ts';
import { CycleImpossibleError } from '../../lib/errors/cycle-impossible-error.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { createCycleHandler, type CycleHandlerDeps } from '../cycle-handler.ts';

export interface NotifyHandlerDeps extends NotifyDeps, CycleHandlerDeps {
  /** What is wrong with the guard that stands before private networks: then nothing is dialled at all. */
  readonly egressProblem: () => Promise<string | undefined>;
}

/** Runs one notify cycle per call and answers its report. */
export function createNotifyHandler(deps: NotifyHandlerDeps): Handler {
  return createCycleHandler({
    errors: deps.errors,
    cycle: 'notify',
    mode: deps.mode,
    idleIn: ['reservations'],
    run: async (call) => {
      const problem = await deps.egressProblem();
      if (problem !== undefined) throw new CycleImpossibleError(problem);
      return runNotifyCycle(deps, call);
    },
  });
}
