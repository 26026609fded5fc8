import { runRestoreCycle } from '../../lib/cycle/restore-cycle.ts';
import type { CycleDeps } from '../../lib/cycle/run-cycle.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { createCycleHandler, type CycleHandlerDeps } from '../cycle-handler.ts';

/** Runs one restore cycle per call and answers its report. */
export function createRestoreHandler(deps: CycleDeps & CycleHandlerDeps): Handler {
  return createCycleHandler({
    errors: deps.errors,
    cycle: 'restore',
    mode: deps.mode,
    idleIn: ['reservations'],
    run: (call) => runRestoreCycle(deps, call),
  });
}
