import type { Clock, Randomness } from '../platform/clock.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import type { RegistrationId } from '../registration/registration.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import type { Store } from '../store/store.ts';
import { createBroadcaster } from './broadcaster.ts';
import type { DeliverEvent } from './deliver-event.ts';
import { createDrain } from './drain.ts';
import { noEvents, type EndpointBacklog, type Events } from './events.ts';
import type { RevisionShown } from './expectation.ts';

/** Lifecycle events over the store's outboxes. */
export function createEvents(deps: {
  readonly endpoints: readonly EventEndpointSettings[];
  readonly store: Pick<Store, 'outbox' | 'registrations'>;
  readonly deliver: DeliverEvent;
  readonly clock: Clock;
  readonly random: Randomness;
}): Events {
  const { endpoints, store } = deps;
  const { outbox } = store;
  if (endpoints.length === 0) return noEvents;
  return {
    announce: createBroadcaster({ endpoints, outbox }),
    drain: createDrain({ ...deps, outbox, revisionOf: (id) => revisionOf(store, id) }),
    backlogs: async () => {
      const { entries } = await outbox.list();
      const enabled = endpoints.filter(({ disabled }) => !disabled);
      return enabled.map(({ name }): EndpointBacklog => {
        const waiting = entries.get(name) ?? [];
        const pending = new Set(waiting.map(({ eventId }) => eventId)).size;
        return { endpoint: name, pending, oldestMs: waiting[0]?.arrivedMs };
      });
    },
  };
}

async function revisionOf(
  { registrations }: Pick<Store, 'registrations'>,
  id: RegistrationId,
): Promise<RevisionShown> {
  try {
    const stored = await registrations.get(id);
    return stored === undefined ? 'gone' : { revision: stored.registration.record.revision };
  } catch (error) {
    if (error instanceof DamagedObjectError) return 'damaged';
    throw error;
  }
}
