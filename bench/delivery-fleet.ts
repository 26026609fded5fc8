import { setMaxListeners } from 'node:events';
import { runNotifyCycle } from '../lib/cycle/notify-cycle.ts';
import type { NotifyDeps } from '../lib/cycle/notify.ts';
import type { NotifyReport } from '../lib/cycle/report.ts';
import { createCloudEventChannel } from '../lib/delivery/channels/cloud-event/cloud-event-channel.ts';
import { createGuardedHttpClient } from '../lib/delivery/channels/guarded-http.ts';
import { createHttpPostChannel } from '../lib/delivery/channels/http-post/http-post-channel.ts';
import type { Stamp } from '../lib/delivery/channels/post-to.ts';
import { createUnavailableChannel } from '../lib/delivery/channels/unavailable-channel.ts';
import type { AttemptResult, Channel } from '../lib/delivery/channel.ts';
import { createLanes } from '../lib/delivery/lanes.ts';
import { createTargetGuard } from '../lib/delivery/target-guard.ts';
import { createMemoryObjectStore } from '../lib/object-store/memory/memory-object-store.ts';
import { noEvents } from '../lib/events/events.ts';
import { createLogger } from '../lib/platform/logging.ts';
import { createSealer } from '../lib/platform/sealer.ts';
import { systemClock, systemRandomness } from '../lib/platform/system-clock.ts';
import type { QueueDepths, QueueManagerReading } from '../lib/queues/queue-depths.ts';
import { asRegistrationId } from '../lib/registration/registration.ts';
import { eachOf } from '../lib/store/registration-reader.ts';
import { newInstance } from './bucket.ts';

export type FleetMode = 'cloudevents' | 'http';

/** What a fleet is made of. */
export interface FleetPlan {
  readonly registrations: number;
  readonly hosts: readonly string[];
  readonly port: number;
  readonly atOnce: number;
  readonly perHost: number;
  readonly mode: FleetMode;
  readonly stamp?: Stamp;
}

/** Registrations, and an instance of the notify function that wakes them. */
export interface Fleet {
  /**
   * Runs one whole cycle, with everything in it that a deployed one has, but queue managers and a store that answer from
   * memory. With `until` it is called off as soon as that many targets were woken.
   */
  readonly cycle: (
    until?: number,
  ) => Promise<{ readonly report: NotifyReport; readonly lastWokenMs: number }>;
  /** How long targets that hang are waited for. */
  readonly waitForHanging: (ms: number) => void;
  readonly close: () => void;
}

const QUEUE_MANAGERS = 10;
const QUEUES = 100;

/** Lines are made and then dropped: what a platform does with them is not measured. */
const LOG = createLogger({ level: 'info', constant: {}, clock: systemClock, write: () => undefined });

const readingOf = (more: number): QueueManagerReading => {
  const queues = Array.from({ length: QUEUES }, (_, index) => {
    const queue = `APP.QUEUE.${index}`;
    return [queue, { queue, depth: index + more }] as const;
  });
  return { kind: 'read', queues: new Map(queues), notFound: new Set(), warnings: [] };
};

/** Depths that fall and rise from cycle to cycle: wake-ups without progress would come further and further apart. */
function createQueueDepths(): QueueDepths {
  const readings = [readingOf(2), readingOf(1)] as const;
  const asked = new Map<string, number>();
  return {
    queueManagers: Array.from({ length: QUEUE_MANAGERS }, (_, index) => `QM${index}`),
    read: async (qmgr) => {
      const times = asked.get(qmgr) ?? 0;
      asked.set(qmgr, times + 1);
      return times % 2 === 0 ? readings[0] : readings[1];
    },
  };
}

const stampOf = ({ stamp }: FleetPlan): { readonly stamp?: Stamp } => (stamp === undefined ? {} : { stamp });

export async function createFleet(plan: FleetPlan): Promise<Fleet> {
  const store = newInstance(createMemoryObjectStore());
  const numbers = Array.from({ length: plan.registrations }, (_, index) => index);
  await eachOf(numbers, 64, async (index) => {
    await store.registrations.put({
      id: asRegistrationId(`r${index}`),
      qmgr: `QM${index % QUEUE_MANAGERS}`,
      queue: `APP.QUEUE.${index % QUEUES}`,
      notify: `http://${plan.hosts[index % plan.hosts.length]}:${plan.port}/wake/${index}`,
      delivery: { attempts: 1 },
      lastUpdatedMs: 1_800_000_000_000,
    });
  });
  const client = createGuardedHttpClient({
    guard: createTargetGuard({ allowHttp: false, allowTargets: ['127.0.0.0/8'] }),
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    allowSelfSigned: false,
    connectionsPerHostMax: plan.perHost,
  });
  const seen = {
    woken: 0,
    lastWokenMs: 0,
    hangingMs: 60_000,
    until: Infinity,
    callOff: () => undefined as void,
  };
  const watched = (channel: Channel): Channel => ({
    attempt: async (wakeUp, limits): Promise<AttemptResult> => {
      const hangs = wakeUp.registration.notify.startsWith('http://hang');
      const result = await channel.attempt(wakeUp, hangs ? { ...limits, timeoutMs: seen.hangingMs } : limits);
      if (result.kind === 'answered') {
        seen.lastWokenMs = performance.now();
        seen.woken += 1;
        if (seen.woken === seen.until) seen.callOff();
      }
      return result;
    },
  });
  const http = createHttpPostChannel({ http: client, ...stampOf(plan) });
  const binary = createCloudEventChannel({ http: client, mode: 'binary', ...stampOf(plan) });
  const none = createUnavailableChannel('nobody');
  const deps: NotifyDeps = {
    ...{
      store,
      events: noEvents,
      log: LOG,
      clock: systemClock,
      random: systemRandomness,
      sealer: createSealer([]),
    },
    ...{ runMsMax: 110_000, wrapUpMs: 15_000, queues: createQueueDepths(), isStillDue: () => true },
    channels: {
      cloudevents: watched(binary),
      'cloudevents-structured': none,
      http: watched(http),
      job: none,
      nats: none,
    },
    defaultMode: plan.mode,
    lanes: () => createLanes(plan),
    fanOut: undefined,
    egressProblem: async () => undefined,
    failurePolicy: { failuresMax: 1_000, quarantineMs: 1, dropBad: false },
  };
  return {
    waitForHanging: (ms) => {
      seen.hangingMs = ms;
    },
    close: client.close,
    cycle: async (until = Infinity) => {
      const [stop, abandon] = [new AbortController(), new AbortController()];
      setMaxListeners(0, stop.signal, abandon.signal);
      const beganMs = performance.now();
      Object.assign(seen, { woken: 0, until, callOff: () => (stop.abort(), abandon.abort()) });
      const call = { eventId: undefined, stopping: { stop: stop.signal, abandon: abandon.signal } };
      const report = await runNotifyCycle(deps, call);
      if (!('decisions' in report)) throw new Error(`no run: ${report.outcome} ${report.reason}`);
      return { report, lastWokenMs: seen.lastWokenMs - beganMs };
    },
  };
}
