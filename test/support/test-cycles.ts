import { noEvents, type Events } from '../../lib/events/events.ts';
import type { LifecycleEvent } from '../../lib/events/lifecycle-event.ts';
import type { AttemptResult, Channel, WakeUp } from '../../lib/delivery/channel.ts';
import { createLanes } from '../../lib/delivery/lanes.ts';
import type { Clock, Randomness } from '../../lib/platform/clock.ts';
import type { CycleCall, CycleDeps } from '../../lib/cycle/run-cycle.ts';
import type { NotifyDeps } from '../../lib/cycle/notify.ts';
import type {
  QueueDepths,
  QueueManagerReading,
  QueueReading,
  Wanted,
} from '../../lib/queues/queue-depths.ts';
import { isSystemQueue } from '../../lib/queues/queue-names.ts';
import type { Store } from '../../lib/store/store.ts';
import { keepingLogger, testSealer } from './test-store.ts';

/** A call by hand that nobody stops. */
export function aCall(eventId?: string): CycleCall {
  const never = new AbortController().signal;
  return { eventId, stopping: { stop: never, abandon: never } };
}

/** A queue as a test sets it: its depth alone, or what else is to be known of it. */
export type SetQueue = number | Omit<QueueReading, 'queue'>;

/** A reading of queues as a test sets them. Empty ones are left out, as the port does. */
export function aReading(
  queues: Readonly<Record<string, SetQueue>>,
  rest: { readonly notFound?: readonly string[]; readonly warnings?: readonly string[] } = {},
): Extract<QueueManagerReading, { readonly kind: 'read' }> {
  const readings = Object.entries(queues).map(([queue, set]): QueueReading => ({
    queue,
    ...(isSystemQueue(queue) ? { hidden: true } : {}),
    ...(typeof set === 'number' ? { depth: set } : set),
  }));
  return {
    kind: 'read',
    queues: new Map(readings.filter(({ depth }) => depth > 0).map((one) => [one.queue, one])),
    notFound: new Set(rest.notFound),
    warnings: rest.warnings ?? [],
  };
}

/** Depths as a test sets them, by queue manager and queue. A queue manager that is not set fails. */
export interface SetDepths extends QueueDepths {
  readonly set: (qmgr: string, ...reading: Parameters<typeof aReading>) => void;
  /** From now on this queue manager cannot be read. */
  readonly fail: (qmgr: string) => void;
  /** Queue managers in the order in which they were asked. */
  readonly asked: string[];
  /** What was asked for last, by queue manager. */
  readonly wanted: ReadonlyMap<string, Wanted>;
}

export function settableDepths(): SetDepths {
  const readings = new Map<string, Extract<QueueManagerReading, { readonly kind: 'read' }>>();
  const asked: string[] = [];
  const lastWanted = new Map<string, Wanted>();
  return {
    asked,
    wanted: lastWanted,
    queueManagers: ['QM1', 'QM2'],
    set: (qmgr, ...reading) => void readings.set(qmgr, aReading(...reading)),
    fail: (qmgr) => void readings.delete(qmgr),
    read: async (qmgr, wanted) => {
      asked.push(qmgr);
      lastWanted.set(qmgr, wanted);
      const reading = readings.get(qmgr);
      if (reading === undefined)
        return { kind: 'failed', code: 'unreachable', message: `${qmgr} is not there` };
      const queues = [...reading.queues].map(([queue, known]) => [queue, asWanted(known, wanted)] as const);
      return { ...reading, queues: new Map(queues) };
    },
  };
}

/** Without what was not asked for. */
function asWanted(known: QueueReading, { oldestMessageAge, openInputCount }: Wanted): QueueReading {
  const { oldestMessageAgeMs, openInputCount: openInput, ...rest } = known;
  return {
    ...rest,
    ...(oldestMessageAge && oldestMessageAgeMs !== undefined ? { oldestMessageAgeMs } : {}),
    ...(openInputCount && openInput !== undefined ? { openInputCount: openInput } : {}),
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
  const { log } = keepingLogger(store.context.clock);
  return { store, events: noEvents, log, runMsMax: 110_000 };
}

/** Events that are only remembered, in the order in which they were announced. */
export function rememberedEvents(): { readonly events: Events; readonly told: LifecycleEvent[] } {
  const told: LifecycleEvent[] = [];
  const announce: Events['announce'] = async (events) => {
    told.push(...events);
    return { confirm: () => Promise.resolve() };
  };
  return { events: { ...noEvents, announce }, told };
}

/** A notify cycle over scripted queues and targets. */
export function notifyDeps(
  store: Store,
  parts: { readonly queues: QueueDepths; readonly channel: Channel },
  options: Partial<Pick<NotifyDeps, 'failurePolicy' | 'defaultMode' | 'lanes' | 'fanOut' | 'isStillDue'>> & {
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
    egressProblem: async () => undefined,
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
    fanOut: undefined,
    isStillDue: () => true,
    failurePolicy: { failuresMax: 10, quarantineMs: 86_400_000, dropBad: false },
    ...options,
  };
}
