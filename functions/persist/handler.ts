import { runPersistCycle } from '../../lib/cycle/persist-cycle.ts';
import type { CycleDeps } from '../../lib/cycle/run-cycle.ts';
import type { ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { createCycleHandler } from '../cycle-handler.ts';

/** Runs one persist cycle per call and answers its report. */
export function createPersistHandler(deps: CycleDeps & { readonly mode: ExecutionMode }): Handler {
  return createCycleHandler({
    log: deps.log,
    cycle: 'persist',
    mode: deps.mode,
    idleIn: [],
    run: (call) => runPersistCycle(deps, call),
  });
}
