import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import type { ArrivalStamp } from '../store/outbox-entry.ts';
import type { Outbox, QueuedEvent } from '../store/outbox.ts';
import { eachOf } from '../store/registration-reader.ts';
import type { Events } from './events.ts';
import { wants } from './ignore-list.ts';
import type { LifecycleEvent } from './lifecycle-event.ts';

/** Objects written at once for one endpoint. */
const WRITES_MAX = 64;

interface StampedEvent {
  readonly stamp: ArrivalStamp;
  readonly event: LifecycleEvent;
}

/** Writes events to the outbox of every endpoint that wants them, all endpoints at the same time. */
export function createBroadcaster(deps: {
  readonly endpoints: readonly EventEndpointSettings[];
  readonly outbox: Pick<Outbox, 'add' | 'confirm' | 'nextStamp'>;
}): Events['announce'] {
  const { endpoints, outbox } = deps;

  return async (events, expects) => {
    const stamped = events.map((event): StampedEvent => ({ stamp: outbox.nextStamp(), event }));

    const addAll = async (endpoint: EventEndpointSettings): Promise<readonly QueuedEvent[]> => {
      const queued: QueuedEvent[] = [];
      const wanted = stamped.filter(({ event }) => wants(endpoint, event.type));
      await eachOf(bySubject(wanted), WRITES_MAX, async (one) => {
        for (const { stamp, event } of one)
          queued.push(await outbox.add(endpoint.name, stamp, event, expects));
      });
      return queued;
    };

    const added = await Promise.all(endpoints.map(addAll));
    const confirm = async (): Promise<void> => {
      await Promise.all(added.map((queued) => eachOf(queued, WRITES_MAX, outbox.confirm)));
    };
    return { confirm: expects === undefined ? () => Promise.resolve() : confirm };
  };
}

/** What is told of one subject stays together: it is written in its order. */
function bySubject(events: readonly StampedEvent[]): readonly (readonly StampedEvent[])[] {
  const subjects = new Map<string, StampedEvent[]>();
  for (const one of events) {
    const subject = one.event.subject ?? '';
    const others = subjects.get(subject);
    if (others === undefined) subjects.set(subject, [one]);
    else others.push(one);
  }
  return [...subjects.values()];
}
