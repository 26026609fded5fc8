import { createLimit } from '../../../platform/limit.ts';
import type { Logger } from '../../../platform/logging.ts';
import { readRuns } from './run-listing.ts';
import type { KnownRun } from './answers.ts';
import { failureOf, isGone } from './call-failure.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import type { JobPlace } from './match-job.ts';
import { isOurRun } from './run-plan.ts';
import { within, type TimeLimit } from './time-limit.ts';

/** Where runs are, and how to get at them. */
export interface RunPlace {
  readonly api: CodeEngineApi;
  readonly place: JobPlace;
}

/**
 * Deletes runs that we started and that have ended: the platform keeps them for a week, and a project holds a hundred. Never
 * touches another one. Never rejects: what could not be deleted is a warning.
 */
export interface RunCleaner {
  readonly remove: (at: RunPlace, runs: readonly KnownRun[], limit: TimeLimit) => Promise<void>;
  /**
   * Makes room in a project that is full, but spares runs that ended a moment ago: whoever had no answer to their start may
   * still be looking for them. Who needs room at the same time shares one round.
   */
  readonly makeRoom: (at: RunPlace, limit: TimeLimit) => Promise<void>;
}

const AT_ONCE = 4;
/** Runs deleted in one go; what is left goes the next time. */
const RUNS_MAX = 50;
const SPARED_MS = 3 * 60 * 1000;

export function createRunCleaner(deps: { readonly log: Logger; readonly nowMs: () => number }): RunCleaner {
  const { log, nowMs } = deps;
  const rounds = new Map<string, Promise<void>>();

  const warn = (at: RunPlace, error: unknown): void => {
    const failure = failureOf(error, `Code Engine in ${at.place.region}`, nowMs());
    if (isGone(failure)) return;
    log.warn('ended job runs could not be deleted', {
      region: at.place.region,
      project: at.place.projectId,
      reason: failure.message,
    });
  };

  const remove: RunCleaner['remove'] = async (at, runs, limit) => {
    const atOnce = createLimit(AT_ONCE);
    // The oldest first: who had no answer may still be looking for a young one.
    const ended = runs
      .filter(({ name, isActive }) => !isActive && isOurRun(name))
      .toSorted((a, b) => lastSeenMs(a) - lastSeenMs(b))
      .slice(0, RUNS_MAX);
    const { projectId } = at.place;
    const failures: unknown[] = [];
    try {
      await within(limit, async (signal) => {
        const removeOne = async ({ name }: KnownRun): Promise<void> => {
          if (signal.aborted) return;
          await at.api
            .deleteJobRun({ projectId, name, signal })
            .catch((error: unknown) => failures.push(error));
        };
        await Promise.all(ended.map((run) => atOnce(async () => removeOne(run))));
      });
    } catch (error) {
      failures.push(error);
    }
    if (failures.length > 0) warn(at, failures[0]);
  };

  const makeRoom: RunCleaner['makeRoom'] = async (at, limit) => {
    try {
      const askedAtMs = nowMs();
      const runs = await within(limit, async (signal) =>
        readRuns(at, undefined, { signal, nowMs: askedAtMs }),
      );
      // A time in the future by more than that is no time.
      const isSpared = (run: KnownRun): boolean => Math.abs(askedAtMs - lastSeenMs(run)) < SPARED_MS;
      await remove(
        at,
        runs.filter((run) => !isSpared(run)),
        limit,
      );
    } catch (error) {
      warn(at, error);
    }
  };

  return {
    remove,
    makeRoom: async (at, limit) => {
      const { projectId } = at.place;
      const shared = rounds.get(projectId);
      if (shared !== undefined) return shared;
      const round = makeRoom(at, limit).finally(() => rounds.delete(projectId));
      rounds.set(projectId, round);
      return round;
    },
  };
}

/** When a run ended, or else began; long ago where neither is known. */
function lastSeenMs({ endedAtMs, createdAtMs }: KnownRun): number {
  return endedAtMs ?? createdAtMs ?? 0;
}
