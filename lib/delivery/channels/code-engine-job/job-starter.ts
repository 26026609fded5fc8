import type { Logger } from '../../../platform/logging.ts';
import type { AttemptResult, WakeUp } from '../../channel.ts';
import { readRun, type KnownRun } from './answers.ts';
import { failureOf, isClash, isGone, isQuota, mayPass, resultOf, type CallFailure } from './call-failure.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import type { JobDirectory } from './job-directory.ts';
import { formatPlace, formatTarget, type JobTarget } from './match-job.ts';
import { createRunCleaner, type RunPlace } from './run-cleaner.ts';
import { readRuns } from './run-listing.ts';
import { runNameOf, runOf, runPrefixOf } from './run-plan.ts';
import { within, type TimeLimit } from './time-limit.ts';

export interface JobStarterDeps {
  readonly directory: JobDirectory;
  readonly api: (region: string) => CodeEngineApi;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** One attempt's limits; the attempt itself is ended by who calls. */
export type AttemptLimit = Required<TimeLimit>;

/** Finds a job and starts one run of it. Rejects only with what the API says or does not say. */
export type JobStarter = (wakeUp: WakeUp, target: JobTarget, limit: AttemptLimit) => Promise<AttemptResult>;

/** So long after a wake-up, a run that nobody can see may still be running: a run's own limit is two hours by default. */
const UNSEEN_RUN_MS = 2 * 60 * 60 * 1000;
/** Of an attempt's time, how much may go into looking at earlier runs, and into deleting them. */
const LOOKING_SHARE = 0.5;
const CLEANING_SHARE = 0.2;

export function createJobStarter(deps: JobStarterDeps): JobStarter {
  const { directory, nowMs } = deps;
  const cleaner = createRunCleaner(deps);

  const judged = (error: unknown, { place }: RunPlace): CallFailure =>
    failureOf(error, `Code Engine in ${place.region}`, nowMs());

  /** Whether something was started before: then that is the result; else what was started and has ended. */
  const lookBack = async (wakeUp: WakeUp, at: RunPlace, limit: AttemptLimit): Promise<LookBack> => {
    const isStartWanted = wakeUp.registration.job?.while_running === 'start';
    let runs: readonly KnownRun[];
    try {
      const share = { ...limit, timeoutMs: limit.timeoutMs * LOOKING_SHARE };
      runs = await within(share, async (signal) => readRuns(at, at.place.job, signal));
    } catch (error) {
      const failure = judged(error, at);
      if (!mayPass(failure) || limit.signal.aborted) throw error;
      if (isStartWanted) return { ended: [] };
      if (!wasWokenLately(wakeUp, nowMs())) throw error;
      const why = `${failure.message}; an earlier run counts as still running`;
      return { result: { kind: 'held', reason: 'job_running', message: why } };
    }
    const name = runNameOf(wakeUp);
    // Started by an attempt whose answer was lost, or by another cycle that saw what we saw.
    if (runs.some((run) => run.name === name)) return { result: { kind: 'accepted', run: name } };
    const ours = runs.filter((run) => run.name.startsWith(runPrefixOf(wakeUp)));
    const active = ours.find(({ isActive }) => isActive);
    if (active === undefined || isStartWanted) return { ended: ours };
    const message = `run ${active.name} is ${active.status ?? 'there, in an unknown state'}`;
    return { result: { kind: 'held', reason: 'job_running', message } };
  };

  const create = async (wakeUp: WakeUp, at: RunPlace, { signal }: AttemptLimit): Promise<AttemptResult> => {
    // Nobody waits for it any more: it would be started behind the back of the next attempt.
    signal.throwIfAborted();
    await at.api.createJobRun({ ...runOf(wakeUp, at.place), signal });
    return { kind: 'accepted', run: runNameOf(wakeUp) };
  };

  const adopt = async (
    wakeUp: WakeUp,
    at: RunPlace,
    { signal }: AttemptLimit,
    clash: CallFailure,
  ): Promise<AttemptResult> => {
    const name = runNameOf(wakeUp);
    try {
      const { result } = await at.api.getJobRun({ projectId: at.place.projectId, name, signal });
      if (readRun(result)?.job === at.place.job) return { kind: 'accepted', run: name };
      const message = `run ${name} exists in the project and is not one of job ${at.place.job}`;
      return { kind: 'refused', message, mayPass: false };
    } catch (error) {
      if (!isGone(judged(error, at))) throw error;
      return { kind: 'refused', message: clash.message, mayPass: true };
    }
  };

  const startAt = async (wakeUp: WakeUp, at: RunPlace, limit: AttemptLimit): Promise<AttemptResult> => {
    const before = await lookBack(wakeUp, at, limit);
    if ('result' in before) return before.result;
    const cleaning = { ...limit, timeoutMs: limit.timeoutMs * CLEANING_SHARE };
    await cleaner.remove(at, before.ended, cleaning);
    for (let roomWasMade = false; ; roomWasMade = true) {
      try {
        return await create(wakeUp, at, limit);
      } catch (error) {
        const failure = judged(error, at);
        if (isClash(failure)) return adopt(wakeUp, at, limit, failure);
        if (!isQuota(failure)) throw error;
        if (roomWasMade) return { kind: 'refused', message: failure.message, mayPass: true };
        await cleaner.makeRoom(at, cleaning);
      }
    }
  };

  return async (wakeUp, target, limit) => {
    let isRepeated = false;
    for (;;) {
      const lookup = await directory.find(target);
      if (lookup.kind === 'misconfigured') return lookup;
      if (lookup.kind === 'missing')
        return { kind: 'refused', message: lookup.message, mayPass: lookup.mayPass };
      const { place } = lookup;
      const at = { api: deps.api(place.region), place };
      try {
        return await startAt(wakeUp, at, limit);
      } catch (error) {
        const failure = judged(error, at);
        if (!isGone(failure)) return resultOf(failure);
        directory.forget(place);
        if (!isRepeated) isRepeated = true;
        else
          return {
            kind: 'refused',
            message: `job "${formatTarget(target)}" is listed as ${formatPlace(place)}, yet ${failure.message}`,
            mayPass: false,
          };
      }
    }
  };
}

type LookBack = { readonly result: AttemptResult } | { readonly ended: readonly KnownRun[] };

function wasWokenLately({ lastWokenAtMs }: WakeUp, nowMs: number): boolean {
  return lastWokenAtMs !== undefined && nowMs - lastWokenAtMs < UNSEEN_RUN_MS;
}
