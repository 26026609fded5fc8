import type { CodeEngineSettings } from '../../../platform/configuration/configuration.ts';
import { mayPass, type CallFailure } from './call-failure.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import { listOwnProject, listRegion } from './job-listing.ts';
import { createJobSource, type JobSource, type Snapshot } from './job-source.ts';
import { ambiguity, formatTarget, isInRegion, placesOf, type JobPlace, type JobTarget } from './match-job.ts';

/** Where a job is; or in words why nobody knows, and whether that may pass by itself. */
export type JobLookup =
  | { readonly kind: 'found'; readonly place: JobPlace }
  | { readonly kind: 'missing'; readonly message: string; readonly mayPass: boolean }
  /** We cannot look: no target is to blame. */
  | { readonly kind: 'misconfigured'; readonly message: string };

/** Knows where jobs are: in the project that we run in, else in the configured regions. */
export interface JobDirectory {
  /**
   * Looks a name up in what is known. What is not known is asked for once more before it counts as missing, though not for
   * the same name, or for many names, all the time. Never rejects. May take as long as a listing, 10 seconds, twice.
   */
  readonly find: (target: JobTarget) => Promise<JobLookup>;
  /** Takes note that the job, or its project, was not there. */
  readonly forget: (place: JobPlace) => void;
}

export interface JobDirectoryDeps {
  readonly settings: Pick<CodeEngineSettings, 'ownProject' | 'regions' | 'refreshIntervalMs'>;
  readonly api: (region: string) => CodeEngineApi;
  readonly nowMs: () => number;
}

interface Seen {
  readonly source: JobSource;
  readonly snapshot: Snapshot;
}

interface Look {
  readonly lookup: JobLookup;
  /** True where all that was looked at was listed just now. */
  readonly isNew: boolean;
}

/** A name that was missing is not asked for again so soon, nor are more names than this in that time. */
const MISSING_MS = 30_000;
const MISSING_NAMES_MAX = 20;

export function createJobDirectory(deps: JobDirectoryDeps): JobDirectory {
  const { own, regions } = sourcesOf(deps);
  const mayAskFor = createAskingLimit(deps.nowMs);

  const look = async (target: JobTarget, fresh: boolean): Promise<Look> => {
    const sees = async (source: JobSource): Promise<Seen> => ({ source, snapshot: await source.read(fresh) });
    const ownSeen = own !== undefined && isInRegion(target, own.region) ? [await sees(own)] : [];
    const inOwn = judgeOwn(target, ownSeen);
    if (inOwn !== undefined) return { lookup: inOwn, isNew: isAllNew(ownSeen) };
    const others = await Promise.all(
      regions.filter(({ region }) => isInRegion(target, region)).map((source) => sees(source)),
    );
    const all = [...ownSeen, ...others];
    return { lookup: judge(target, all), isNew: isAllNew(all) };
  };

  return {
    find: async (target) => {
      const { lookup, isNew } = await look(target, false);
      if (lookup.kind === 'found' || isNew || !mayAskFor(formatTarget(target))) return lookup;
      return (await look(target, true)).lookup;
    },
    forget: (place) => {
      for (const source of own === undefined ? regions : [own, ...regions]) source.drop(place);
    },
  };
}

function sourcesOf({ settings, api, nowMs }: JobDirectoryDeps): {
  readonly own: JobSource | undefined;
  readonly regions: readonly JobSource[];
} {
  const { ownProject, refreshIntervalMs } = settings;
  const common = { nowMs, refreshIntervalMs };
  const listingIn = (region: string, signal: AbortSignal) => ({
    api: api(region),
    region,
    signal,
    nowMs: nowMs(),
  });
  const own =
    ownProject === undefined
      ? undefined
      : createJobSource({
          ...common,
          name: 'the own project',
          region: ownProject.region,
          list: async (signal) => listOwnProject(listingIn(ownProject.region, signal), ownProject.id),
        });
  const regions = settings.regions.map((region) =>
    createJobSource({
      ...common,
      name: region,
      region,
      list: async (signal) => listRegion(listingIn(region, signal), ownProject?.id),
    }),
  );
  return { own, regions };
}

/** Lets a name be asked for afresh once in a while, and only so many names. */
function createAskingLimit(nowMs: () => number): (name: string) => boolean {
  const askedAtMs = new Map<string, number>();
  return (name) => {
    for (const [one, atMs] of askedAtMs)
      if (nowMs() - atMs >= MISSING_MS || nowMs() < atMs) askedAtMs.delete(one);
    if (askedAtMs.has(name) || askedAtMs.size >= MISSING_NAMES_MAX) return false;
    askedAtMs.set(name, nowMs());
    return true;
  };
}

function isAllNew(seen: readonly Seen[]): boolean {
  return seen.every(({ snapshot }) => snapshot.isNew);
}

/** The own project wins over all others; so as long as it may hold the job and cannot be read, nothing is decided. */
function judgeOwn(target: JobTarget, seen: readonly Seen[]): JobLookup | undefined {
  const [place] = seen.flatMap(({ snapshot }) => placesOf(target, snapshot.places));
  if (place !== undefined) return { kind: 'found', place };
  const isOpen = seen.some(({ snapshot }) => snapshot.isBlank && snapshot.problems.some(isUndecided));
  return isOpen && target.project === undefined ? missing(target, seen) : undefined;
}

function isUndecided(problem: CallFailure): boolean {
  return problem.kind === 'no-token' || mayPass(problem);
}

function judge(target: JobTarget, seen: readonly Seen[]): JobLookup {
  const [place, ...more] = seen.flatMap(({ snapshot }) => placesOf(target, snapshot.places));
  if (place === undefined) return missing(target, seen);
  if (more.length === 0) return { kind: 'found', place };
  return { kind: 'missing', message: ambiguity(target, [place, ...more]), mayPass: false };
}

function missing(target: JobTarget, seen: readonly Seen[]): JobLookup {
  const name = formatTarget(target);
  if (seen.length === 0)
    return {
      kind: 'missing',
      message: `no region to find job "${name}" in: set regions`,
      mayPass: false,
    };
  const problems: readonly CallFailure[] = seen.flatMap(({ snapshot }) => snapshot.problems);
  const ours = problems.find(({ kind }) => kind === 'no-token');
  if (ours !== undefined) return { kind: 'misconfigured', message: ours.message };
  const where = seen.map(({ source }) => source.name).join(', ');
  const [problem] = problems;
  const not = problem === undefined ? '' : `, of which not all could be read: ${problem.message}`;
  return {
    kind: 'missing',
    message: `there is no job "${name}" in ${where}${not}`,
    mayPass: problems.some(mayPass),
  };
}
