import { runNotifyCycle, type NotifyDeps } from '../../lib/cycle/notify-cycle.ts';
import type { ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { createCycleHandler } from '../cycle-handler.ts';

/** Runs one notify cycle per call and answers its report. */
export function createNotifyHandler(deps: NotifyDeps & { readonly mode: ExecutionMode }): Handler {
  return createCycleHandler({
    log: deps.log,
    cycle: 'notify',
    mode: deps.mode,
    idleIn: ['reservations'],
    run: (call) => runNotifyCycle(deps, call),
  });
}
