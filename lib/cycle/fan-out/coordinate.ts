import { RangeUnservedError } from '../../errors/range-unserved-error.ts';
import { capHosts } from '../../events/delivery-counters.ts';
import { RANGE_COUNTS, type Range } from '../../store/ranges.ts';
import { addedCounts } from '../../store/reports.ts';
import { askQueueManager } from '../ask-queue-manager.ts';
import { checkEgress, type NotifyDeps, type NotifyResult } from '../notify.ts';
import type { QueueManagerLine } from '../report.ts';
import type { CycleRun } from '../run-cycle.ts';
import { encodeAsks, mergedAsks, parseAsks, wantedFor } from './asks.ts';
import type { FanOut } from './fan-out.ts';
import { mergedReport, type RangeEnd } from './merged-report.ts';
import { passOnDepths } from './pass-on-depths.ts';
import { atLeast, parseLoad, sumOf } from './plan-ranges.ts';
import { rangeRunOf } from './range-run.ts';

/** At the end of a run, kept for putting together what the ranges report. */
const MERGE_MS = 12_000;
/** A range that is started late, since its instance had to be started first, gets so much longer to answer. */
const START_MS = 5_000;

/**
 * A notify cycle that is split: asks every configured queue manager once, passes on what they answer, has the ranges served
 * by further invocations at the same time, and puts their reports together. A range that is not served, or of which nobody
 * knows how it ended, is a problem of the cycle; the next one looks at its registrations again.
 * @throws {CycleImpossibleError} nobody may be dialled from here: nothing was done.
 */
export async function coordinate(
  deps: NotifyDeps & { readonly fanOut: FanOut },
  run: CycleRun,
  ranges: readonly Range[],
): Promise<NotifyResult> {
  await checkEgress(deps);
  const askedBefore = parseAsks(run.before.memory['asks']);
  const lines: QueueManagerLine[] = [];
  const asking = deps.queues.queueManagers.map(async (qmgr) => {
    const wanted = wantedFor(askedBefore.get(qmgr));
    const { reading, line } = await askQueueManager(deps, qmgr, wanted, run.stopping.abandon);
    lines.push(line);
    return { qmgr, reading };
  });
  const [ends] = await Promise.all([
    Promise.all(ranges.map((range) => serve(deps, run, range, ranges.length))),
    passOn(deps, run, asking),
  ]);
  const runs = ends.flatMap(({ run: one }) => (one === undefined ? [] : [one]));
  const isWhole = runs.length === ends.length;
  // Of what is not known now, what was known before stands.
  const asks = mergedAsks([...runs.map((one) => one.asks), ...(isWhole ? [] : [askedBefore])]);
  const load = sumOf(runs.map((one) => one.load));
  return {
    ...mergedReport(ends, lines),
    counted: capHosts({ ...addedCounts(...runs.map((one) => one.counted)), cycles: 1 }, run.before.counters),
    memory: asks.size === 0 ? {} : { asks: encodeAsks(asks) },
    load: isWhole ? load : atLeast(load, parseLoad(run.before.memory).load),
    mayStillRun: !isWhole,
  };
}

async function passOn(
  { store, clock }: NotifyDeps,
  { id, errors }: CycleRun,
  asking: Parameters<typeof passOnDepths>[1],
): Promise<void> {
  try {
    await passOnDepths({ passedDepths: store.passedDepths, clock, cycle: id }, asking);
  } catch (error) {
    errors.handle('depths-write', error);
  }
}

/** Has a range served, and reads what it stored of that: also when its answer was lost. */
async function serve(
  { fanOut, store, clock, runMsMax }: NotifyDeps & { readonly fanOut: FanOut },
  { id, lease, startedMs, stopping, errors, before }: CycleRun,
  range: Range,
  count: number,
): Promise<RangeEnd> {
  const begunMs = clock.nowMs();
  const budgetMs = startedMs + runMsMax - MERGE_MS - begunMs;
  const sharedBy = RANGE_COUNTS.find((one) => one === count) ?? 1;
  const request = {
    ...{ cycle: id, fence: lease.fence, fenceBefore: before.fence },
    ...{ range, sharedBy, budgetMs },
  };
  let failure: unknown;
  let refusal: string | undefined;
  try {
    if (stopping.stop.aborted) throw new RangeUnservedError('the function is being stopped');
    refusal = await fanOut.call(request, { timeoutMs: budgetMs + START_MS, signal: stopping.abandon });
  } catch (error) {
    failure = error;
  }
  try {
    const run = rangeRunOf(await store.reports.read(range.name), lease.fence);
    if (run !== undefined) return { range: range.label, run };
  } catch (error) {
    failure = error;
  }
  const detail = failure instanceof Error ? failure.message : (refusal ?? UNSERVED);
  errors.handle('range-call', failure ?? new RangeUnservedError(detail), { range: range.label });
  return { range: range.label, run: undefined, detail, durationMs: clock.nowMs() - begunMs };
}

const UNSERVED = 'the invocation that was to serve it reported nothing: its log says why';
