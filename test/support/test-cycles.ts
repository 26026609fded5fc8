import type { AttemptResult, Channel, WakeUp } from '../../lib/delivery/channel.ts';
import { createLanes } from '../../lib/delivery/lanes.ts';
import type { Clock, Randomness } from '../../lib/platform/clock.ts';
import type { CycleCall, CycleDeps } from '../../lib/cycle/run-cycle.ts';
import type { NotifyDeps } from '../../lib/cycle/notify-cycle.ts';
import type { QueueDepths, QueueManagerReading } from '../../lib/queues/queue-depths.ts';
import type { Store } from '../../lib/store/store.ts';
import { keepingLogger, testSealer } from './test-store.ts';

/** A call by hand that nobody stops. */
export function aCall(eventId?: string): CycleCall {
  const never = new AbortController().signal;
  return { eventId, stopping: { stop: never, abandon: never } };
}

/** Depths as a test sets them, by queue manager and queue. A queue manager that is not set fails. */
export interface SetDepths extends QueueDepths {
  readonly set: (qmgr: string, queues: Readonly<Record<string, number>>) => void;
  /** From now on this queue manager cannot be read. */
  readonly fail: (qmgr: string) => void;
  /** Queue managers in the order in which they were asked. */
  readonly asked: string[];
}

export function settableDepths(): SetDepths {
  const readings = new Map<string, QueueManagerReading>();
  const asked: string[] = [];
  return {
    asked,
    queueManagers: ['QM1', 'QM2'],
    set: (qmgr, queues) => {
      const found = Object.entries(queues).filter(([, depth]) => depth > 0);
      readings.set(qmgr, {
        kind: 'read',
        queues: new Map(found.map(([queue, depth]) => [queue, { queue, depth }])),
      });
    },
    fail: (qmgr) => void readings.delete(qmgr),
    read: async (qmgr) => {
      asked.push(qmgr);
      return readings.get(qmgr) ?? { kind: 'failed', code: 'unreachable', message: `${qmgr} is not there` };
    },
  };
}

/** A channel that answers as a test says, and remembers whom it woke. */
export interface ScriptedChannel extends Channel {
  readonly woken: WakeUp[];
  readonly answerWith: (answer: (wakeUp: WakeUp) => AttemptResult | Promise<AttemptResult>) => void;
}

export function scriptedChannel(): ScriptedChannel {
  const woken: WakeUp[] = [];
  let answer: (wakeUp: WakeUp) => AttemptResult | Promise<AttemptResult> = () => ({
    kind: 'answered',
    status: 204,
  });
  return {
    woken,
    answerWith: (next) => {
      answer = next;
    },
    attempt: async (wakeUp) => {
      woken.push(wakeUp);
      return answer(wakeUp);
    },
  };
}

export function cycleDeps(store: Store): CycleDeps {
  return { store, log: keepingLogger(store.context.clock).log, runMsMax: 110_000 };
}

/** A notify cycle over scripted queues and targets. */
export function notifyDeps(
  store: Store,
  parts: { readonly queues: QueueDepths; readonly channel: Channel },
  options: Partial<Pick<NotifyDeps, 'failurePolicy' | 'defaultMode' | 'lanes' | 'isStillDue'>> & {
    readonly clock?: Clock;
    readonly random?: Randomness;
  } = {},
): NotifyDeps {
  const { channel } = parts;
  return {
    ...cycleDeps(store),
    clock: store.context.clock,
    random: store.context.random,
    sealer: testSealer,
    queues: parts.queues,
    channels: {
      cloudevents: channel,
      'cloudevents-structured': channel,
      http: channel,
      job: channel,
      nats: channel,
    },
    wrapUpMs: 15_000,
    defaultMode: 'cloudevents',
    lanes: () => createLanes({ atOnce: 128, perHost: 8 }),
    isStillDue: () => true,
    failurePolicy: { failuresMax: 10, quarantineMs: 86_400_000, dropBad: false },
    ...options,
  };
}
