import { failureOf, isGone, type CallFailure } from './call-failure.ts';
import type { Listing } from './job-listing.ts';
import type { JobPlace } from './match-job.ts';
import { within } from './time-limit.ts';

/** What is known of the jobs of one region, or of the own project. */
export interface Snapshot {
  readonly places: readonly JobPlace[];
  /** Why not all of it is known, or not of late. */
  readonly problems: readonly CallFailure[];
  /** True where nothing is known at all, not even from before. */
  readonly isBlank: boolean;
  /** True where it was asked for just now. */
  readonly isNew: boolean;
}

/** One place to look for jobs in, and what was found there last. */
export interface JobSource {
  /** For people: `eu-de`, or `the own project`. */
  readonly name: string;
  readonly region: string;
  /** What is known, listed anew where that is too old or `fresh` is asked for. Who waits at the same time shares one listing. */
  readonly read: (fresh: boolean) => Promise<Snapshot>;
  /** Drops what turned out not to be there any more. */
  readonly drop: (place: JobPlace) => void;
}

export interface JobSourceDeps {
  readonly name: string;
  readonly region: string;
  readonly list: (signal: AbortSignal) => Promise<Listing>;
  readonly nowMs: () => number;
  readonly refreshIntervalMs: number;
}

/** One listing's limit. */
const LISTING_MS_MAX = 10_000;
/** What failed is not asked again before, unless a job is missing: it would hold up every wake-up. */
const AGAIN_AFTER_MS = 30_000;

export function createJobSource(deps: JobSourceDeps): JobSource {
  const { name, region, nowMs } = deps;
  let places: readonly JobPlace[] | undefined;
  let problems: readonly CallFailure[] = [];
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;

  const list = async (): Promise<void> => {
    const startedMs = nowMs();
    try {
      const listing = await within({ timeoutMs: LISTING_MS_MAX }, deps.list);
      const kept = (places ?? []).filter(({ projectId }) => listing.failed.has(projectId));
      places = [...listing.places, ...kept];
      problems = [...listing.failed.values()];
    } catch (error) {
      const failure = failureOf(error, `Code Engine in ${region}`, nowMs());
      if (isGone(failure)) places = [];
      problems = [failure];
    }
    askedAtMs = startedMs;
  };

  const isDue = (): boolean => {
    const ageMs = nowMs() - askedAtMs;
    // Asked in the future: the clock was set back, and nobody knows how long ago that was.
    return (
      ageMs < 0 ||
      ageMs >=
        (problems.length > 0 ? Math.min(AGAIN_AFTER_MS, deps.refreshIntervalMs) : deps.refreshIntervalMs)
    );
  };

  return {
    name,
    region,
    read: async (fresh) => {
      const isNew = fresh || pending !== undefined || isDue();
      if (isNew)
        await (pending ??= list().finally(() => {
          pending = undefined;
        }));
      return { places: places ?? [], problems, isBlank: places === undefined, isNew };
    },
    drop: (gone) => {
      places = places?.filter(({ projectId, job }) => projectId !== gone.projectId || job !== gone.job);
    },
  };
}
