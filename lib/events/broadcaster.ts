import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import type { ArrivalStamp, Outbox, QueuedEvent } from '../store/outbox.ts';
import { eachOf } from '../store/registration-reader.ts';
import type { Events } from './events.ts';
import { wants } from './ignore-list.ts';
import type { LifecycleEvent } from './lifecycle-event.ts';

/** Objects written at once. */
const WRITES_MAX = 16;

interface Post {
  readonly endpoint: string;
  readonly stamp: ArrivalStamp;
  readonly event: LifecycleEvent;
}

/** Writes events to the outbox of every endpoint that wants them. */
export function createBroadcaster(deps: {
  readonly endpoints: readonly EventEndpointSettings[];
  readonly outbox: Pick<Outbox, 'add' | 'confirm' | 'nextStamp'>;
}): Events['announce'] {
  const { endpoints, outbox } = deps;

  return async (events, expects) => {
    const queued: QueuedEvent[] = [];
    await eachOf(postsOf(events, endpoints, outbox.nextStamp), WRITES_MAX, async (posts) => {
      for (const { endpoint, stamp, event } of posts)
        queued.push(await outbox.add(endpoint, stamp, event, expects));
    });
    const confirm = (): Promise<void> => eachOf(queued, WRITES_MAX, outbox.confirm);
    return { confirm: expects === undefined ? () => Promise.resolve() : confirm };
  };
}

/** What is to be written. What one endpoint hears of one subject stays together: it is written in its order. */
function postsOf(
  events: readonly LifecycleEvent[],
  endpoints: readonly EventEndpointSettings[],
  nextStamp: () => ArrivalStamp,
): readonly (readonly Post[])[] {
  const posts = new Map<string, Post[]>();
  for (const event of events) {
    const stamp = nextStamp();
    for (const endpoint of endpoints) {
      if (!wants(endpoint, event.type)) continue;
      const name = `${endpoint.name}/${event.subject ?? ''}`;
      const post = { endpoint: endpoint.name, stamp, event };
      const others = posts.get(name);
      if (others === undefined) posts.set(name, [post]);
      else others.push(post);
    }
  }
  return [...posts.values()];
}
