import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import type { Clock } from '../platform/clock.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import type { Store } from '../store/store.ts';
import { createEvents } from './create-events.ts';
import type { DeliverEvent, DeliveryOutcome } from './deliver-event.ts';
import type { DrainLimits, Events } from './events.ts';
import { eventId, type LifecycleEvent, type LifecycleEventType } from './lifecycle-event.ts';

/** An endpoint; what is not given is as by default. */
export function anEndpoint(name: string, given: Partial<EventEndpointSettings> = {}): EventEndpointSettings {
  return {
    name,
    url: `https://${name}.example/events`,
    headers: {},
    timeoutMs: 5_000,
    threshold: 10,
    backoffMs: 1_000,
    ignoredTypes: [],
    disabled: false,
    ...given,
  };
}

/** An event about `subject`, the same for the same arguments. */
export function anEvent(subject: string, count = 1, type: LifecycleEventType = 'failing'): LifecycleEvent {
  return { id: eventId(type, subject, count), type, timeMs: 1_700_000_000_000, subject, data: { count } };
}

export const ACCEPTED: DeliveryOutcome = { kind: 'answered', status: 202, accepted: true };
export const REFUSED: DeliveryOutcome = { kind: 'answered', status: 500, accepted: false };
export const UNANSWERED: DeliveryOutcome = { kind: 'unanswered', why: 'no connection could be made' };

/** What endpoints were sent, `<subject>#<count>` each, and what they answer. */
export interface Receivers {
  readonly deliver: DeliverEvent;
  readonly attempts: (endpoint: string) => readonly string[];
  readonly accepted: (endpoint: string) => readonly LifecycleEvent[];
  /** From now on the endpoint answers so; a function is asked each time. Until then it accepts. */
  readonly answer: (endpoint: string, outcome: () => DeliveryOutcome | Promise<DeliveryOutcome>) => void;
}

export function createReceivers(): Receivers {
  const log: { readonly endpoint: string; readonly event: LifecycleEvent; readonly ok: boolean }[] = [];
  const answers = new Map<string, () => DeliveryOutcome | Promise<DeliveryOutcome>>();
  const of = (endpoint: string) => log.filter((one) => one.endpoint === endpoint);
  return {
    deliver: async ({ name }, event) => {
      const outcome = await (answers.get(name)?.() ?? ACCEPTED);
      log.push({ endpoint: name, event, ok: outcome.kind === 'answered' && outcome.accepted });
      return outcome;
    },
    attempts: (endpoint) => of(endpoint).map(({ event }) => labelOf(event)),
    accepted: (endpoint) =>
      of(endpoint)
        .filter(({ ok }) => ok)
        .map(({ event }) => event),
    answer: (endpoint, outcome) => void answers.set(endpoint, outcome),
  };
}

export function labelOf({ subject = '', data }: LifecycleEvent): string {
  return `${subject}#${String(data['count'])}`;
}

/** A lease that is never lost. */
export const HELD = { assertHeld: (): void => undefined };

/** A minute from now. */
export function aMinute(clock: Clock): DrainLimits {
  return { deadlineMs: clock.nowMs() + 60_000, signal: new AbortController().signal };
}

/** The events of one instance over a store. */
export function eventsOver(
  store: Store,
  endpoints: readonly EventEndpointSettings[],
  deliver: DeliverEvent,
  seed = 1,
): Events {
  const { clock } = store.context;
  return createEvents({ endpoints, store, deliver, clock, random: seededRandomness(seed) });
}
