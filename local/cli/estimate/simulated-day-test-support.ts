import type { FanOut } from '../../../lib/cycle/fan-out/fan-out.ts';
import { runRange } from '../../../lib/cycle/fan-out/run-range.ts';
import { runNotifyCycle } from '../../../lib/cycle/notify-cycle.ts';
import { runPersistCycle } from '../../../lib/cycle/persist-cycle.ts';
import type { CycleReport } from '../../../lib/cycle/report.ts';
import { runRestoreCycle } from '../../../lib/cycle/restore-cycle.ts';
import { anEndpoint, createReceivers, eventsOver } from '../../../lib/events/events-test-support.ts';
import type { Events } from '../../../lib/events/events.ts';
import { eventId } from '../../../lib/events/lifecycle-event.ts';
import { readStoredReports } from '../../../lib/health/stored-reports.ts';
import { createMemoryObjectStore } from '../../../lib/object-store/memory/memory-object-store.ts';
import type { RegistrationDraft } from '../../../lib/registration/original-document.ts';
import type { Store } from '../../../lib/store/store.ts';
import { createCountingObjectStore } from '../../../test/support/counting-object-store.ts';
import { seededRandomness } from '../../../test/support/seeded-randomness.ts';
import { aCall, notifyDeps, scriptedChannel, settableDepths } from '../../../test/support/test-cycles.ts';
import { aDraft, testStore } from '../../../test/support/test-store.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { NONE, sum, type Requests } from './requests.ts';
import { runsPerDay, type Workload } from './workload.ts';

/** What the instances of one function asked of the store. */
export interface Counted {
  readonly times: number;
  readonly requests: Requests;
}

const MINUTES_OF_DAY = 1_440;
const MINUTE_MS = 60_000;

/**
 * Runs an observer through a day: its cycles over one store in memory, whose requests are counted by function. Before it
 * everybody was woken once, and every cycle has run. Persist cycles come at the end of their interval, all others between them;
 * who registers, and whose queue holds a message, is drawn.
 */
export async function simulateDay(workload: Workload): Promise<ReadonlyMap<string, Counted>> {
  const fleet = createFleet(workload);
  const { notify, restore, persist, register, scrape } = fleet;
  await fleet.fill();
  // A cycle that is split finds out in its first run how far.
  for (const run of [() => register(0), notify, persist, notify, restore, persist]) await run();
  fleet.counts.clear();

  const random = seededRandomness(1);
  const drawn = (): number => Math.floor(random.fraction() * workload.registrations);
  let woken = 0;
  const notifyDrawn = (time: number): Promise<void> => {
    const until = Math.round((workload.wakeUpsPerDay * (time + 1)) / runsPerDay(workload, 'notify'));
    fleet.holdMessages(Array.from({ length: until - woken }, drawn));
    woken = until;
    return notify();
  };
  const { minutesBetween, changesPerDay, scrapesPerDay } = workload;
  const agenda = [
    ...spread(runsPerDay(workload, 'persist'), minutesBetween.persist, persist),
    ...spread(runsPerDay(workload, 'notify'), minutesBetween.notify / 2, notifyDrawn),
    ...spread(runsPerDay(workload, 'restore'), minutesBetween.restore - minutesBetween.persist / 2, restore),
    ...spread(changesPerDay, 1, () => register(drawn())),
    ...spread(scrapesPerDay, 1, scrape),
  ].toSorted((a, b) => a.atMinute - b.atMinute);
  const beganMs = fleet.clock.nowMs();
  for (const { atMinute, work } of agenda) {
    fleet.clock.advance(Math.max(0, beganMs + atMinute * MINUTE_MS - fleet.clock.nowMs()));
    await work();
  }
  return fleet.counts;
}

/** So many times in a day, evenly. */
function spread(count: number, firstMinute: number, work: (time: number) => Promise<void>) {
  return Array.from({ length: count }, (_, time) => ({
    atMinute: firstMinute + (time * MINUTES_OF_DAY) / count,
    work: () => work(time),
  }));
}

/** The functions of an observer. Each call is served by a new instance, or by the function's own where they are warm. */
function createFleet(workload: Workload) {
  const { registrations, queueManagers: size, fanOutRegistrations: registrationsMax } = workload;
  const clock = createVirtualClock();
  const objects = createMemoryObjectStore();
  const depths = settableDepths();
  const queues = { ...depths, queueManagers: Array.from({ length: size }, (_, index) => `QM${index}`) };
  const channel = scriptedChannel();
  const { deliver } = createReceivers();
  const endpoints = Array.from({ length: workload.endpoints }, (_, index) => anEndpoint(`endpoint-${index}`));
  const counts = new Map<string, Counted>();
  let started = 0;

  const start = () => {
    started += 1;
    const counting = createCountingObjectStore(objects);
    const store = testStore({ objects: counting, clock, random: seededRandomness(started) });
    const events = eventsOver(store, endpoints, deliver, started);
    return {
      counting,
      store,
      events,
      deps: { ...notifyDeps(store, { queues, channel }, { fanOut }), events },
    };
  };
  type Instance = ReturnType<typeof start>;
  const warm = new Map<string, Instance>();
  const call = async (name: string, work: (instance: Instance) => Promise<void>, of = name) => {
    const instance = warm.get(of) ?? start();
    if (workload.warm) warm.set(of, instance);
    await work(instance);
    const { A, B } = instance.counting.takeCounts();
    const before = counts.get(name) ?? { times: 0, requests: NONE };
    counts.set(name, { times: before.times + 1, requests: sum(before.requests, { ...A, ...B }) });
  };
  const fanOut: FanOut = {
    capacity: { registrationsMax, slots: 128, wakeMs: 95_000 },
    call: async (request) => {
      await call(
        'notify-range',
        ({ deps }) => completed(runRange(deps, request, aCall())),
        `notify-${request.range.label}`,
      );
      return undefined;
    },
  };
  const draftOf = (index: number): RegistrationDraft => {
    const remembered = (count: number): number => Math.floor(count * workload.rememberedShare);
    return aDraft({
      id: `registration-${index}`,
      qmgr: `QM${index % size}`,
      queue: `QUEUE.${index}`,
      ...(remembered(index + 1) > remembered(index) ? { when: { cooldown: 'PT1S' } } : {}),
    });
  };
  /** Lets the queues of these registrations hold messages, and no others. */
  const holdMessages = (waiting: readonly number[]): void => {
    const drafts = waiting.map(draftOf);
    for (const one of queues.queueManagers) {
      const own = drafts.filter(({ qmgr }) => qmgr === one);
      depths.set(one, Object.fromEntries(own.map(({ queue }) => [queue, 1])));
    }
  };
  const all = Array.from({ length: registrations }, (_, index) => index);
  return {
    clock,
    counts,
    holdMessages,
    fill: async () => {
      const { store } = start();
      for (const index of all) await store.registrations.put(draftOf(index));
      holdMessages(all);
    },
    notify: () => call('notify-cycle', ({ deps }) => completed(runNotifyCycle(deps, aCall()))),
    restore: () => call('restore-cycle', ({ deps }) => completed(runRestoreCycle(deps, aCall()))),
    persist: () => call('persist', ({ deps }) => completed(runPersistCycle(deps, aCall()))),
    register: (index: number) => call('register', (instance) => registerOne(instance, draftOf(index))),
    scrape: () =>
      call('actuator', async ({ store, events }) => {
        await Promise.all([readStoredReports(store.reports), events.backlogs()]);
      }),
  };
}

async function completed(run: Promise<CycleReport>): Promise<void> {
  const { cycle, outcome, problems } = await run;
  if (outcome !== 'completed') throw new Error(`${cycle} ${outcome}: ${problems?.join() ?? ''}`);
}

async function registerOne(
  { store, events }: { readonly store: Store; readonly events: Events },
  draft: RegistrationDraft,
): Promise<void> {
  await store.merge.ready();
  const timeMs = store.context.clock.nowMs();
  let confirm = (): Promise<void> => Promise.resolve();
  await store.registrations.put(draft, undefined, async ({ id, revision }) => {
    const type = 'registered';
    const event = { id: eventId(type, id, revision), type, timeMs, subject: id, data: {} } as const;
    ({ confirm } = await events.announce([event], { id, revision, is: 'stored' }));
  });
  await confirm();
}
