import { setMaxListeners } from 'node:events';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import type { NotifyDeps } from '../../lib/cycle/notify.ts';
import type { NotifyReport } from '../../lib/cycle/report.ts';
import { createCloudEventChannel } from '../../lib/delivery/channels/cloud-event/cloud-event-channel.ts';
import { createGuardedHttpClient } from '../../lib/delivery/channels/guarded-http.ts';
import { createHttpPostChannel } from '../../lib/delivery/channels/http-post/http-post-channel.ts';
import type { Stamp } from '../../lib/delivery/channels/post-to.ts';
import { createUnavailableChannel } from '../../lib/delivery/channels/unavailable-channel.ts';
import type { AttemptResult, Channel } from '../../lib/delivery/channel.ts';
import { createLanes } from '../../lib/delivery/lanes.ts';
import { createTargetGuard } from '../../lib/delivery/target-guard.ts';
import { noEvents } from '../../lib/events/events.ts';
import { createLogger } from '../../lib/platform/logging.ts';
import { createSealer } from '../../lib/platform/sealer.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import type { QueueDepths } from '../../lib/queues/queue-depths.ts';
import type { Store } from '../../lib/store/store.ts';

export type FleetMode = 'cloudevents' | 'http';

/** How an instance of the notify function wakes. */
export interface FleetOptions {
  readonly store: Store;
  readonly queues: QueueDepths;
  readonly mode: FleetMode;
  readonly stamp?: Stamp;
  readonly atOnce: number;
  readonly perHost: number;
}

/** One cycle, and when the last target answered, from its start. */
export interface FleetCycle {
  readonly report: NotifyReport;
  readonly lastWokenMs: number;
}

/** An instance of the notify function, over the registrations of a store. */
export interface Fleet {
  /**
   * Runs one whole cycle, with everything in it that a deployed one has. With `until` it is called off as soon as that many
   * targets were woken.
   */
  readonly cycle: (until?: number) => Promise<FleetCycle>;
  /** How long targets that hang are waited for. */
  readonly waitForHanging: (ms: number) => void;
  readonly close: () => void;
}

/** Lines are made and then dropped: what a platform does with them is not measured. */
const LOG = createLogger({ level: 'info', constant: {}, clock: systemClock, write: () => undefined });

/** What is seen of one cycle while it runs. */
interface Seen {
  woken: number;
  lastWokenMs: number;
  until: number;
  callOff: () => void;
}

export function createFleet(options: FleetOptions): Fleet {
  const { store, queues, stamp } = options;
  const http = createGuardedHttpClient({
    guard: createTargetGuard({ allowHttp: false, allowTargets: ['127.0.0.0/8'] }),
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    allowSelfSigned: false,
    connectionsPerHostMax: options.perHost,
  });
  const seen: Seen = { woken: 0, lastWokenMs: 0, until: Infinity, callOff: () => undefined };
  let hangingMs = 60_000;
  const watched = (channel: Channel): Channel => ({
    attempt: async (wakeUp, limits): Promise<AttemptResult> => {
      const hangs = wakeUp.registration.notify.startsWith('http://hang');
      const result = await channel.attempt(wakeUp, hangs ? { ...limits, timeoutMs: hangingMs } : limits);
      if (result.kind === 'answered') {
        seen.lastWokenMs = performance.now();
        seen.woken += 1;
        if (seen.woken === seen.until) seen.callOff();
      }
      return result;
    },
  });
  const means = { http, ...(stamp === undefined ? {} : { stamp }) };
  const none = createUnavailableChannel('nobody');
  const deps: NotifyDeps = {
    ...{ store, events: noEvents, log: LOG, clock: systemClock, random: systemRandomness },
    ...{ sealer: createSealer([]), runMsMax: 110_000, wrapUpMs: 15_000, queues, isStillDue: () => true },
    egressProblem: async () => undefined,
    channels: {
      cloudevents: watched(createCloudEventChannel({ ...means, mode: 'binary' })),
      'cloudevents-structured': none,
      http: watched(createHttpPostChannel(means)),
      job: none,
      nats: none,
    },
    defaultMode: options.mode,
    lanes: () => createLanes(options),
    fanOut: undefined,
    failurePolicy: { failuresMax: 1_000, quarantineMs: 1, dropBad: false },
  };
  return {
    waitForHanging: (ms) => void (hangingMs = ms),
    close: http.close,
    cycle: (until = Infinity) => runOne(deps, seen, until),
  };
}

async function runOne(deps: NotifyDeps, seen: Seen, until: number): Promise<FleetCycle> {
  const [stop, abandon] = [new AbortController(), new AbortController()];
  setMaxListeners(0, stop.signal, abandon.signal);
  const beganMs = performance.now();
  const callOff = (): void => {
    stop.abort();
    abandon.abort();
  };
  Object.assign(seen, { woken: 0, lastWokenMs: beganMs, until, callOff });
  const call = { eventId: undefined, stopping: { stop: stop.signal, abandon: abandon.signal } };
  const report = await runNotifyCycle(deps, call);
  if (!('decisions' in report)) throw new Error(`no run: ${report.outcome} ${report.reason}`);
  return { report, lastWokenMs: seen.lastWokenMs - beganMs };
}
