import { runPersistCycle } from '../../lib/cycle/persist-cycle.ts';
import type { CycleDeps } from '../../lib/cycle/run-cycle.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { createCycleHandler, type CycleHandlerDeps } from '../cycle-handler.ts';

/** Runs one persist cycle per call and answers its report. */
export function createPersistHandler(deps: CycleDeps & CycleHandlerDeps): Handler {
  return createCycleHandler({
    errors: deps.errors,
    cycle: 'persist',
    mode: deps.mode,
    idleIn: [],
    run: (call) => runPersistCycle(deps, call),
  });
}
