import type { RangeRequest } from '../../lib/cycle/fan-out/fan-out.ts';
import { runRange } from '../../lib/cycle/fan-out/run-range.ts';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import { runPersistCycle } from '../../lib/cycle/persist-cycle.ts';
import type { CycleReport, NotifyReport } from '../../lib/cycle/report.ts';
import { runRestoreCycle } from '../../lib/cycle/restore-cycle.ts';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import type { FailurePolicy } from '../../lib/registration/state.ts';
import type { Store } from '../../lib/store/store.ts';
import { createFaultyObjectStore, type FaultPlan, type FaultyObjectStore } from './faulty-object-store.ts';
import { seededRandomness } from './seeded-randomness.ts';
import { aCall, cycleDeps, notifyDeps, scriptedChannel, settableDepths } from './test-cycles.ts';
import { aDraft, testStore } from './test-store.ts';

/** One wake-up as its target saw it. */
export interface SeenWakeUp {
  readonly id: string;
  readonly revision: string;
  readonly succeeded: boolean;
}

/** A process: its own memory, its own view of the shared objects. It starts cold. */
export interface Instance {
  readonly store: Store;
  readonly faulty: FaultyObjectStore;
  readonly notify: (eventId?: string) => Promise<CycleReport | NotifyReport>;
  readonly restore: (eventId?: string) => Promise<CycleReport>;
  readonly persist: (eventId?: string) => Promise<CycleReport>;
  /** Serves a range of another instance's notify cycle. */
  readonly serveRange: (request: RangeRequest) => Promise<CycleReport>;
  /** The wake-ups that this instance made, or had made by instances that it called. */
  readonly wakeUps: readonly SeenWakeUp[];
  /** Resolves when no range is served any more that this instance asked for: others live on when it dies. */
  readonly rangesEnded: () => Promise<unknown>;
  /** Waits for work of this instance, or for its death. */
  readonly orKilled: <T>(work: Promise<T>) => Promise<T | 'killed'>;
}

/** What instances share: the objects, the time, the queues and the targets. */
export interface World {
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly start: (options?: StartOptions) => Instance;
  /** All wake-ups of all instances. */
  readonly wakeUps: readonly SeenWakeUp[];
  /** Says which registrations' targets fail from now on. */
  readonly failWhere: (fails: (id: string) => boolean) => void;
  readonly failurePolicy: FailurePolicy;
}

interface StartOptions {
  readonly plan?: FaultPlan;
  readonly clock?: Clock;
  readonly seedData?: string | undefined;
  /** Where this instance sees the objects, if not straight in the world. */
  readonly objects?: ObjectStore;
  /** Where its wake-ups are noted, if not in a list of its own. */
  readonly wakeUps?: SeenWakeUp[];
}

/** The queue that all registrations of a world wait for; it always holds a message. */
export const QUEUE = 'DEV.QUEUE.1';

export function createWorld(options: {
  readonly clock: Clock;
  readonly failurePolicy?: Partial<FailurePolicy>;
  readonly patienceMs?: number;
  /** Notify cycles with more registrations are split: each range is served by an instance of its own, which may die alone. */
  readonly splitAbove?: number;
}): World {
  const { clock, patienceMs = 5_000, splitAbove } = options;
  const objects = createMemoryObjectStore();
  const failurePolicy = { failuresMax: 3, quarantineMs: 600_000, dropBad: false, ...options.failurePolicy };
  const wakeUps: SeenWakeUp[] = [];
  const queues = settableDepths();
  queues.set('QM1', { [QUEUE]: 1 });
  let fails = (id: string): boolean => id.startsWith('bad');
  let started = 0;

  const start = (given: StartOptions = {}): Instance => {
    started += 1;
    const random = seededRandomness(started);
    const faulty = createFaultyObjectStore(given.objects ?? objects, given.plan);
    const store = testStore({
      objects: faulty.objects,
      clock: given.clock ?? clock,
      random,
      patienceMs,
      seedData: given.seedData,
    });
    const own: SeenWakeUp[] = given.wakeUps ?? [];
    const channel = scriptedChannel();
    channel.answerWith(({ registration: { id, revision } }) => {
      const seen = { id, revision, succeeded: !fails(id) };
      own.push(seen);
      wakeUps.push(seen);
      return { kind: 'answered', status: seen.succeeded ? 204 : 400 };
    });
    const ranges: Promise<unknown>[] = [];
    const serve = async (request: RangeRequest): Promise<undefined> => {
      const { plan, clock: ownClock, objects: seen } = given;
      const worker = start({
        wakeUps: own,
        ...(plan === undefined ? {} : { plan }),
        ...(ownClock === undefined ? {} : { clock: ownClock }),
        ...(seen === undefined ? {} : { objects: seen }),
      });
      const serving = worker.orKilled(worker.serveRange(request));
      ranges.push(serving);
      if ((await serving) === 'killed') throw new Error('the instance has gone');
    };
    const capacity = { registrationsMax: splitAbove ?? Infinity, slots: 128, wakeMs: 95_000 };
    const fanOut = splitAbove === undefined ? undefined : { capacity, call: serve };
    const deps = notifyDeps(store, { queues, channel }, { failurePolicy, fanOut });
    return {
      store,
      faulty,
      wakeUps: own,
      notify: (eventId) => runNotifyCycle(deps, aCall(eventId)),
      rangesEnded: () => Promise.allSettled(ranges),
      serveRange: (request) => runRange(deps, request, aCall()),
      restore: (eventId) => runRestoreCycle(cycleDeps(store), aCall(eventId)),
      persist: (eventId) => runPersistCycle(cycleDeps(store), aCall(eventId)),
      orKilled: (work) => Promise.race([work, faulty.killed.then(() => 'killed' as const)]),
    };
  };
  return {
    objects,
    clock,
    start,
    wakeUps,
    failWhere: (next) => {
      fails = next;
    },
    failurePolicy,
  };
}

/** A registration that waits for the queue of the world. `mark` tells two of one id apart. */
export function marked(id: string, mark: string): ReturnType<typeof aDraft> {
  return aDraft({ id, queue: QUEUE, notify: `https://app.example/${mark}` });
}
