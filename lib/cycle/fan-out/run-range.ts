import { addedCounts } from '../../store/reports.ts';
import { runCycle, type CycleCall, type CycleRun } from '../run-cycle.ts';
import { notify, type NotifyDeps, type NotifyResult } from '../notify.ts';
import type { CycleReport, NotifyReport } from '../report.ts';
import type { RangeRequest } from './fan-out.ts';
import { createHandedDepths } from './handed-depths.ts';
import { encodeHandedBack } from './range-run.ts';

/** Part of its time that a range waits for depths: more than any queue manager may take. */
const DEPTHS_SHARE = 3 / 4;

/**
 * Serves one range of a notify cycle, under a lease of its own. Depths come from the cycle, and what the cycle has to know
 * of the run is in the report that is stored. Meeting the same request twice serves it once.
 * @throws {ObjectStoreError} it could not start.
 */
export async function runRange(
  deps: NotifyDeps,
  request: RangeRequest,
  call: Pick<CycleCall, 'stopping'>,
): Promise<NotifyReport | CycleReport> {
  const { range, fence, cycle, sharedBy } = request;
  const { store } = deps;
  await store.merge.ready();
  // What comes late, or from elsewhere, must not stand in the way of the cycle that is on.
  if (!(await store.leases.isHeld('notify', fence))) return notServed(deps, request);
  const runMsMax = Math.min(deps.runMsMax, request.budgetMs);
  const serve = async (run: CycleRun): Promise<NotifyResult> => {
    const untilMs = run.startedMs + runMsMax * DEPTHS_SHARE;
    const { passedDepths } = store;
    const depths = createHandedDepths({ ...deps, passedDepths, cycle, untilMs });
    const own: NotifyDeps = { ...deps, queues: depths, runMsMax };
    // What it remembers is of the cycle before, or old: others may have looked at its registrations since.
    const memory = run.before.fence === request.fenceBefore ? run.before.memory : {};
    const known = { ...run, before: { ...run.before, memory } };
    const result = await notify(own, known, { shards: range.shards, sharedBy });
    const counted = addedCounts(result.counted, run.errors.counted());
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

function notServed({ clock }: NotifyDeps, { cycle }: RangeRequest): CycleReport {
  const started = new Date(clock.nowMs()).toISOString();
  const reason = 'the cycle that asked for it is over';
  return { cycle: 'notify', id: cycle, outcome: 'skipped', started, duration_ms: 0, reason };
}
