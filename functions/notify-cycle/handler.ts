import { runNotifyCycle, type NotifyDeps } from '../../lib/cycle/notify-cycle.ts';
import { CycleImpossibleError } from '../../lib/errors/cycle-impossible-error.ts';
import type { ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { createCycleHandler } from '../cycle-handler.ts';

export interface NotifyHandlerDeps extends NotifyDeps {
  readonly mode: ExecutionMode;
  /** What is wrong with the guard that stands before private networks: then nothing is dialled at all. */
  readonly egressProblem: () => Promise<string | undefined>;
}

/** Runs one notify cycle per call and answers its report. */
export function createNotifyHandler(deps: NotifyHandlerDeps): Handler {
  return createCycleHandler({
    log: deps.log,
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
