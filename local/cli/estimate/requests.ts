import { SHARDS, type CycleName } from '../../../lib/store/keys.ts';
import { forgottenPerDay, learnedPerDay, rangesOfCycle, runsPerDay, type Workload } from './workload.ts';

/** Requests to the object store. Class A is `puts` and `lists`, class B `gets`; deletions are free. Means need not be whole. */
export interface Requests {
  readonly puts: number;
  readonly lists: number;
  readonly gets: number;
}

/** Keys that one listing shows. */
const PAGE = 1_000;
/** Up to so many registrations the snapshot is one object; above, that and one for each shard. */
const ONE_SNAPSHOT_MAX = 1_000;
/** An instance that lacks fewer registrations than this reads them one by one, without the snapshot. */
const SNAPSHOT_WORTH = 8;

/** One run of a notify cycle; of one that is split, what the coordinating invocation asks. */
export function notifyRequests(workload: Workload): Requests {
  const ranges = rangesOfCycle(workload);
  const run = { puts: 3, lists: 0, gets: workload.warm ? 2 : 3 };
  const work =
    ranges === 1
      ? sum(look(workload, SHARDS.length), learning(workload))
      : // The depths for all ranges, in one part, and the report of each.
        { puts: 1, lists: 0, gets: ranges };
  return sum(run, work, telling(workload), delivery(workload));
}

/** Serving one range of a notify cycle that is split. */
export function rangeRequests(workload: Workload): Requests {
  const ranges = rangesOfCycle(workload);
  const { puts, lists, gets } = learning(workload);
  const own = { puts: puts / ranges, lists: lists / ranges, gets: gets / ranges };
  // The cycle's lease, its own, the report, and the depths, which are there when they are looked for.
  const run = { puts: 3, lists: 0, gets: (workload.warm ? 2 : 3) + 2 };
  return sum(run, look(workload, SHARDS.length / ranges), own);
}

/** One run of a restore cycle that lifts no quarantine. */
export function restoreRequests(workload: Workload): Requests {
  const news = learnedPerDay(workload) + forgottenPerDay(workload);
  const written = workload.warm ? documentsOf(news / runsPerDay(workload, 'restore')) : 0;
  const run = { puts: 3, lists: 0, gets: (workload.warm ? 2 : 3) + written };
  return sum(run, look(workload, SHARDS.length, 'restore'), telling(workload));
}

/** One run of a persist cycle: the mean of those that find a change and those that find none. */
export function persistRequests(workload: Workload): Requests {
  const { registrations, changesPerDay, warm } = workload;
  const runs = runsPerDay(workload, 'persist');
  const perShard = registrations / SHARDS.length;
  const forgotten = forgottenPerDay(workload) / runs;
  const learned = learnedPerDay(workload) / runs;
  // The original's document, and what is known of it, are read besides; state is listed once more.
  const run = { puts: 3, lists: 1, gets: warm ? 4 + documentsOf(learned) : 5 };
  const changed = {
    // The snapshot, a backup, the document of the original, and what is known of that.
    puts: snapshotParts(registrations, SHARDS.length) + 3,
    // The backups, and the shard that is verified, each of whose objects is read.
    lists: 1 + pagesOf(perShard),
    gets: perShard + 3,
  };
  const again = { puts: 0, lists: listsOf(registrations) + 1, gets: 0 };
  return sum(
    run,
    look(workload, SHARDS.length, 'persist'),
    times(Math.min(1, changesPerDay / runs + learned), changed),
    times(1 - Math.exp(-forgotten), again),
    { puts: documentsOf(forgotten), lists: 0, gets: 0 },
    telling(workload),
    delivery(workload),
  );
}

/** One registering, by an instance that has just started or by one that was there. */
export function registerRequests({ endpoints, warm }: Workload, isFirst: boolean): Requests {
  // An event is written ahead of it, and again when it is sure.
  return { puts: 1 + 2 * endpoints, lists: 0, gets: isFirst && !warm ? 1 : 0 };
}

/** One reading of `/metrics`: three reports, and what waits for endpoints. */
export function scrapeRequests({ endpoints }: Workload): Requests {
  return { puts: 0, lists: endpoints > 0 ? 1 : 0, gets: 3 };
}

/** Looking at the registrations and the state of so many shards: all, or those of one range. */
function look(workload: Workload, shards: number, cycle: CycleName = 'notify'): Requests {
  const { registrations, warm } = workload;
  const share = shards / SHARDS.length;
  const isWhole = share === 1;
  const own = registrations * share;
  const news = distinctOf(changedUnseen(workload, cycle) * share, own);
  const records = own < SNAPSHOT_WORTH ? own : snapshotParts(registrations, shards) + news;
  return {
    puts: 0,
    lists: 1 + (isWhole ? listsOf(registrations) : pagesOf(registrations / SHARDS.length) * shards),
    gets: warm ? news : records + shards,
  };
}

/** Changes that neither an instance has seen nor, when it is cold, the snapshot has. */
function changedUnseen(workload: Workload, cycle: CycleName): number {
  const { changesPerDay, warm } = workload;
  if (warm) return changesPerDay / runsPerDay(workload, cycle);
  const sinceSnapshot = changesPerDay / runsPerDay(workload, 'persist');
  // A persist cycle wrote the snapshot itself; others come half way to the next one, on average.
  return cycle === 'persist' ? sinceSnapshot : sinceSnapshot / 2;
}

/** What a run stores of its wake-ups; a warm instance reads what a persist cycle forgot. */
function learning(workload: Workload): Requests {
  const runs = runsPerDay(workload, 'notify');
  const forgotten = documentsOf(forgottenPerDay(workload) / runs);
  return { puts: documentsOf(learnedPerDay(workload) / runs), lists: 0, gets: workload.warm ? forgotten : 0 };
}

/** Telling all endpoints that a run has ended, which the next run that delivers reads. */
function telling({ endpoints }: Workload): Requests {
  return { puts: endpoints, lists: 0, gets: 0 };
}

/** Delivering what waits: each endpoint's breaker is taken and given back, and each event is read. */
function delivery(workload: Workload): Requests {
  const { endpoints, changesPerDay } = workload;
  if (endpoints === 0) return NONE;
  const runs = runsPerDay(workload, 'notify') + runsPerDay(workload, 'persist');
  const events = (runs + runsPerDay(workload, 'restore') + changesPerDay) / runs;
  return { puts: 2 * endpoints, lists: 1, gets: endpoints * (1 + events) };
}

/** Listings that show all registrations: a page, and the pages of each shard that this did not show whole. */
function listsOf(registrations: number): number {
  if (registrations <= PAGE) return 1;
  const perShard = registrations / SHARDS.length;
  const whole = Math.floor(PAGE / perShard);
  const begun = PAGE - whole * perShard;
  return 1 + pagesOf(perShard - begun) + (SHARDS.length - whole - 1) * pagesOf(perShard);
}

function pagesOf(keys: number): number {
  return Math.max(1, Math.ceil(keys / PAGE));
}

function snapshotParts(registrations: number, shards: number): number {
  return registrations <= ONE_SNAPSHOT_MAX ? 1 : 1 + shards;
}

/** Documents of the state in which so many entries are, on average: there is one for each shard. */
function documentsOf(entries: number): number {
  return distinctOf(entries, SHARDS.length);
}

/** How many of `among` so many draws meet, on average. */
function distinctOf(draws: number, among: number): number {
  return among <= 1 ? Math.min(among, draws) : among * (1 - (1 - 1 / among) ** draws);
}

export const NONE: Requests = { puts: 0, lists: 0, gets: 0 };

function times(factor: number, { puts, lists, gets }: Requests): Requests {
  return { puts: puts * factor, lists: lists * factor, gets: gets * factor };
}

/** All of them together. */
export function sum(...all: readonly Requests[]): Requests {
  return all.reduce(
    (so, { puts, lists, gets }) => ({ puts: so.puts + puts, lists: so.lists + lists, gets: so.gets + gets }),
    NONE,
  );
}
