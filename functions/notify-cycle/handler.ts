import { RANGE_PATH, parseRangeRequest } from '../../lib/cycle/fan-out/range-wire.ts';
import { signedAtMs, type RangeVerifier } from '../../lib/cycle/fan-out/range-signature.ts';
import { runRange } from '../../lib/cycle/fan-out/run-range.ts';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import type { NotifyDeps } from '../../lib/cycle/notify.ts';
import { CycleImpossibleError } from '../../lib/errors/cycle-impossible-error.ts';
import type { HttpAnswer, HttpCall } from '../../lib/platform/function-call/http-call.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { stoppable } from '../../lib/platform/stopping.ts';
import { createCycleHandler, type CycleHandlerDeps } from '../cycle-handler.ts';

export interface NotifyHandlerDeps extends NotifyDeps, CycleHandlerDeps {
  /** What is wrong with the guard that stands before private networks: then nothing is dialled at all. */
  readonly egressProblem: () => Promise<string | undefined>;
  /** Whether a request for a range is the observer's own. */
  readonly isOwnRequest: RangeVerifier;
}

/** Runs one notify cycle per call and answers its report; at `/range` one range of a cycle that is split. */
export function createNotifyHandler(deps: NotifyHandlerDeps): Handler {
  const checkEgress = async (): Promise<void> => {
    const problem = await deps.egressProblem();
    if (problem !== undefined) throw new CycleImpossibleError(problem);
  };
  const runWhole = createCycleHandler({
    errors: deps.errors,
    cycle: 'notify',
    mode: deps.mode,
    idleIn: ['reservations'],
    run: async (call) => {
      await checkEgress();
      return runNotifyCycle(deps, call);
    },
  });
  return async (call) => (call.path === RANGE_PATH ? serveRange(deps, call, checkEgress) : runWhole(call));
}

async function serveRange(
  deps: NotifyHandlerDeps,
  call: HttpCall,
  checkEgress: () => Promise<void>,
): Promise<HttpAnswer> {
  const body = call.body.toString('utf8');
  if (!deps.isOwnRequest(call.headers, body, deps.clock.nowMs()))
    return { problem: { code: 'forbidden', detail: 'Ranges are asked for by notify-cycle itself.' } };
  const request = parseRangeRequest(body);
  if (call.method !== 'POST' || request === undefined)
    return { problem: { code: 'invalid-request', detail: 'This is no request for a range.' } };
  await checkEgress();
  const ageMs = Math.max(0, deps.clock.nowMs() - signedAtMs(call.headers));
  const left = { ...request, budgetMs: Math.max(0, request.budgetMs - ageMs) };
  const { outcome, reason } = await stoppable(process, (stopping) => runRange(deps, left, { stopping }));
  return { status: 200, body: { range: request.range.label, outcome, reason } };
}
