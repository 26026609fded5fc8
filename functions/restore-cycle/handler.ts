import { runRestoreCycle } from '../../lib/cycle/restore-cycle.ts';
import type { CycleDeps } from '../../lib/cycle/run-cycle.ts';
import type { ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { createCycleHandler } from '../cycle-handler.ts';

/** Runs one restore cycle per call and answers its report. */
export function createRestoreHandler(deps: CycleDeps & { readonly mode: ExecutionMode }): Handler {
  return createCycleHandler({
    log: deps.log,
    cycle: 'restore',
    mode: deps.mode,
    idleIn: ['reservations'],
    run: (call) => runRestoreCycle(deps, call),
  });
}
