import { RANGE_PATH, parseRangeRequest } from '../../lib/cycle/fan-out/range-wire.ts';
import { signedAtMs, type RangeVerifier } from '../../lib/cycle/fan-out/range-signature.ts';
import { runRange } from '../../lib/cycle/fan-out/run-range.ts';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import type { NotifyDeps } from '../../lib/cycle/notify.ts';
import type { HttpAnswer, HttpCall } from '../../lib/platform/function-call/http-call.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import { stoppable } from '../../lib/platform/stopping.ts';
import { createCycleHandler, type CycleHandlerDeps } from '../cycle-handler.ts';

export interface NotifyHandlerDeps extends NotifyDeps, CycleHandlerDeps {
  /** Whether a request for a range is the observer's own. */
  readonly isOwnRequest: RangeVerifier;
}

/** Runs one notify cycle per call and answers its report; at `/range` one range of a cycle that is split. */
export function createNotifyHandler(deps: NotifyHandlerDeps): Handler {
  const runWhole = createCycleHandler({
    errors: deps.errors,
    cycle: 'notify',
    mode: deps.mode,
    idleIn: ['reservations'],
    run: (call) => runNotifyCycle(deps, call),
  });
  return async (call) => (call.path === RANGE_PATH ? serveRange(deps, call) : runWhole(call));
}

async function serveRange(deps: NotifyHandlerDeps, call: HttpCall): Promise<HttpAnswer> {
  const body = call.body.toString('utf8');
  if (!deps.isOwnRequest(call.headers, body, deps.clock.nowMs()))
    return { problem: { code: 'forbidden', detail: 'Ranges are asked for by notify-cycle itself.' } };
  const request = parseRangeRequest(body);
  if (call.method !== 'POST' || request === undefined)
    return { problem: { code: 'invalid-request', detail: 'This is no request for a range.' } };
  const ageMs = Math.max(0, deps.clock.nowMs() - signedAtMs(call.headers));
  const left = { ...request, budgetMs: Math.max(0, request.budgetMs - ageMs) };
  const { outcome, reason } = await stoppable(process, (stopping) => runRange(deps, left, { stopping }));
  return { status: 200, body: { range: request.range.label, outcome, reason } };
}
