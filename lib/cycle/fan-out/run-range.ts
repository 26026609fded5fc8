import { runCycle, type CycleCall, type CycleRun } from '../run-cycle.ts';
import { notify, type NotifyDeps, type NotifyResult } from '../notify.ts';
import type { CycleReport, NotifyReport } from '../report.ts';
import type { RangeRequest } from './fan-out.ts';
import { createHandedDepths } from './handed-depths.ts';
import { encodeHandedBack } from './range-run.ts';

/** Longest time that depths are waited for: whoever reads them may have died. */
const DEPTHS_MS_MAX = 60_000;

/**
 * Serves one range of a notify cycle, under a lease of its own. Depths come from the cycle, and what the cycle has to know
 * of the run is in the report that is stored. Meeting the same request twice serves it once.
 * @throws {ObjectStoreError} it could not start.
 */
export function runRange(
  deps: NotifyDeps,
  request: RangeRequest,
  call: Pick<CycleCall, 'stopping'>,
): Promise<NotifyReport | CycleReport> {
  const { range, fence, cycle, sharedBy } = request;
  const runMsMax = Math.min(deps.runMsMax, request.budgetMs);
  const serve = async (run: CycleRun): Promise<NotifyResult> => {
    const untilMs = run.startedMs + Math.min(DEPTHS_MS_MAX, runMsMax / 2);
    const { passedDepths } = deps.store;
    const depths = createHandedDepths({ ...deps, passedDepths, cycle, untilMs });
    const own: NotifyDeps = { ...deps, queues: depths, runMsMax };
    const result = await notify(own, run, { shards: range.shards, sharedBy });
    const counted = { ...result.counted, ...run.errors.counted() };
    const handedBack = encodeHandedBack({ counted, load: result.load, asks: depths.asks() });
    return { ...result, memory: { ...result.memory, handedBack } };
  };
  return runCycle<NotifyReport>(
    { ...deps, runMsMax },
    { cycle: 'notify', range: range.name, shards: range.shards, id: cycle, fence },
    { ...call, eventId: cycle },
    serve,
  );
}
