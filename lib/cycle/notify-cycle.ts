import { rangesOf } from '../store/ranges.ts';
import { TooManyRegistrationsError } from '../store/registration-reader.ts';
import { coordinate } from './fan-out/coordinate.ts';
import type { FanOut } from './fan-out/fan-out.ts';
import { MOST, parseLoad, planRanges, type RememberedLoad } from './fan-out/plan-ranges.ts';
import { notify, type NotifyDeps, type NotifyResult } from './notify.ts';
import type { CycleReport, NotifyReport } from './report.ts';
import { runCycle, type CycleCall, type CycleResult, type CycleRun } from './run-cycle.ts';

/**
 * One notify cycle: by itself, or split into ranges that further invocations serve, where that is configured and the last
 * cycle had more to do than fits one.
 * @throws {ObjectStoreError} it could not start.
 */
export function runNotifyCycle(deps: NotifyDeps, call: CycleCall): Promise<NotifyReport | CycleReport> {
  const { fanOut } = deps;
  return runCycle<NotifyReport>(deps, { cycle: 'notify' }, call, (run) =>
    fanOut === undefined ? notify(deps, run, { sharedBy: 1 }) : notifyAsPlanned({ ...deps, fanOut }, run),
  );
}

async function notifyAsPlanned(
  deps: NotifyDeps & { readonly fanOut: FanOut },
  run: CycleRun,
): Promise<CycleResult<NotifyReport>> {
  const { capacity } = deps.fanOut;
  const before = parseLoad(run.before.memory);
  if (before.heard === 'none') return notifyAlone(deps, run);
  // A range that was not heard of may still be at work: with the same ranges it keeps the others from its registrations.
  const planned = before.heard === 'some' ? before.ranges : planRanges(before.load, before.ranges, capacity);
  const { registrationsMax } = capacity;
  const whole = planned === 1 ? await wholeOrTooMany(deps, run, registrationsMax) : undefined;
  if (whole !== undefined) return remembering(whole, { load: whole.load, ranges: 1, heard: 'all' });
  const ranges = planned === 1 ? MOST : planned;
  const result = await coordinate(deps, run, rangesOf(ranges));
  return remembering(result, { load: result.load, ranges, heard: heardIn(result) });
}

/** A cycle in one, whatever there is to do: better some are woken than nobody. The next one is split again. */
async function notifyAlone(deps: NotifyDeps, run: CycleRun): Promise<CycleResult<NotifyReport>> {
  const result = await notify(deps, run, { sharedBy: 1 });
  const problems = [...result.problems, NOBODY_SERVED];
  return remembering({ ...result, problems }, { load: result.load, ranges: 1, heard: 'all' });
}

const NOBODY_SERVED =
  'the last cycle was split and no range of it was served: check FANOUT_URL; this cycle was not split';

function heardIn({ body }: NotifyResult): RememberedLoad['heard'] {
  const { ranges = [] } = body;
  const unheard = ranges.filter(({ outcome }) => outcome === 'unanswered').length;
  if (unheard === 0) return 'all';
  return unheard === ranges.length ? 'none' : 'some';
}

/** A cycle in one, or `undefined` when there turn out to be more registrations than that: then nothing was done. */
async function wholeOrTooMany(
  deps: NotifyDeps,
  run: CycleRun,
  registrationsMax: number,
): Promise<NotifyResult | undefined> {
  try {
    return await notify(deps, run, { registrationsMax, sharedBy: 1 });
  } catch (error) {
    if (error instanceof TooManyRegistrationsError) return undefined;
    throw error;
  }
}

function remembering(result: NotifyResult, load: RememberedLoad): CycleResult<NotifyReport> {
  return { ...result, memory: { ...result.memory, load } };
}
