import type { Logger } from '../../../platform/logging.ts';
import type { AttemptResult, WakeUp } from '../../channel.ts';
import { readRun, UNSEEN_RUN_MS, type KnownRun } from './answers.ts';
import { failureOf, isClash, isGone, isQuota, mayPass, resultOf, type CallFailure } from './call-failure.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import type { JobDirectory } from './job-directory.ts';
import { formatPlace, formatTarget, type JobTarget } from './match-job.ts';
import { createRunCleaner, type RunPlace } from './run-cleaner.ts';
import { readRuns } from './run-listing.ts';
import { isNamedFor, isStartedFor, runNameAfter, runNameOf, runOf, runPrefixOf } from './run-plan.ts';
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

/** Of an attempt's time, how much may go into looking at earlier runs, and into deleting them. */
const LOOKING_SHARE = 0.5;
const CLEANING_SHARE = 0.2;
/** Where earlier runs are not seen, their names are met one by one. */
const OTHER_NAMES_MAX = 3;
const PROJECT_IS_FULL =
  'the project holds as many runs as it may, and none of ours has ended more than 3 minutes ago';

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
      runs = await within(share, async (signal) => readRuns(at, at.place.job, { signal, nowMs: nowMs() }));
    } catch (error) {
      const failure = judged(error, at);
      if (!mayPass(failure) || limit.signal.aborted) throw error;
      if (isStartWanted) return { name: runNameOf(wakeUp), ended: [] };
      if (!wasWokenLately(wakeUp, nowMs())) throw error;
      const why = `${failure.message}; an earlier run counts as still running`;
      return { result: { kind: 'held', reason: 'job_running', message: why } };
    }
    const named = runs.filter((run) => isNamedFor(wakeUp, run));
    // Started by an attempt whose answer was lost, or by another cycle that saw what we saw.
    const started = named.find((run) => isStartedFor(wakeUp, run));
    if (started !== undefined) return { result: { kind: 'accepted', run: started.name } };
    const stale = newestOf(named);
    const ours = runs.filter((run) => run.name.startsWith(runPrefixOf(wakeUp)));
    const active = ours.find(({ isActive }) => isActive);
    if (active === undefined || isStartWanted)
      return {
        name: stale === undefined ? runNameOf(wakeUp) : runNameAfter(stale, wakeUp),
        // Whoever does not see that one any more would choose another name.
        ended: ours.filter((run) => run !== stale),
      };
    const message = `run ${active.name} is ${active.status ?? 'there, in an unknown state'}`;
    return { result: { kind: 'held', reason: 'job_running', message } };
  };

  const create = async ({ wakeUp, at, name, limit }: Start): Promise<AttemptResult> => {
    // Nobody waits for it any more: it would be started behind the back of the next attempt.
    limit.signal.throwIfAborted();
    await at.api.createJobRun({ ...runOf(wakeUp, at.place, name), signal: limit.signal });
    return { kind: 'accepted', run: name };
  };

  /** Takes the run that has the name, where that is the one that was wanted. */
  const adopt = async (
    { wakeUp, at, name, limit }: Start,
    clash: CallFailure,
  ): Promise<AttemptResult | Taken> => {
    try {
      const { result } = await at.api.getJobRun({
        projectId: at.place.projectId,
        name,
        signal: limit.signal,
      });
      const run = readRun(result, nowMs());
      if (run?.job === at.place.job)
        return isStartedFor(wakeUp, run) ? { kind: 'accepted', run: name } : { kind: 'taken', by: run };
      const message = `run ${name} exists in the project and is not one of job ${at.place.job}`;
      return { kind: 'refused', message, mayPass: false };
    } catch (error) {
      if (!isGone(judged(error, at))) throw error;
      return { kind: 'refused', message: clash.message, mayPass: true };
    }
  };

  const createWithRoom = async (start: Start, cleaning: TimeLimit): Promise<AttemptResult | Taken> => {
    for (let roomWasMade = false; ; roomWasMade = true) {
      try {
        return await create(start);
      } catch (error) {
        const failure = judged(error, start.at);
        if (isClash(failure)) return adopt(start, failure);
        if (!isQuota(failure)) throw error;
        if (roomWasMade) return { kind: 'held', reason: 'job_running', message: PROJECT_IS_FULL };
        await cleaner.makeRoom(start.at, cleaning);
      }
    }
  };

  const startAt = async (wakeUp: WakeUp, at: RunPlace, limit: AttemptLimit): Promise<AttemptResult> => {
    const before = await lookBack(wakeUp, at, limit);
    if ('result' in before) return before.result;
    const cleaning = { ...limit, timeoutMs: limit.timeoutMs * CLEANING_SHARE };
    await cleaner.remove(at, before.ended, cleaning);
    let { name } = before;
    for (let others = 0; ; others++) {
      const result = await createWithRoom({ wakeUp, at, name, limit }, cleaning);
      if (result.kind !== 'taken') return result;
      if (others === OTHER_NAMES_MAX)
        return { kind: 'refused', message: `runs of before have the names up to ${name}`, mayPass: true };
      name = runNameAfter(result.by, wakeUp);
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

/** One start of a run, under a name. */
interface Start {
  readonly wakeUp: WakeUp;
  readonly at: RunPlace;
  readonly name: string;
  readonly limit: AttemptLimit;
}

/** A run of before has the name. */
interface Taken {
  readonly kind: 'taken';
  readonly by: KnownRun;
}

/** Either how it ends already, or how the run is to be called and what can be deleted before. */
type LookBack =
  { readonly result: AttemptResult } | { readonly name: string; readonly ended: readonly KnownRun[] };

function newestOf(runs: readonly KnownRun[]): KnownRun | undefined {
  return runs.toSorted((a, b) => (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0))[0];
}

function wasWokenLately({ lastWokenAtMs }: WakeUp, nowMs: number): boolean {
  // What lies in the future tells nothing: it would hold the job back until then.
  return lastWokenAtMs !== undefined && lastWokenAtMs <= nowMs && nowMs - lastWokenAtMs < UNSEEN_RUN_MS;
}
