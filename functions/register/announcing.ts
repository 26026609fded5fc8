import type { Announcement } from '../../lib/events/events.ts';
import { eventId } from '../../lib/events/lifecycle-event.ts';
import type { BeforeWrite } from '../../lib/store/registration-store.ts';
import type { RegisterDeps } from './action.ts';

/** Tells of one change by its owner: announced ahead of it, confirmed once it is stored. */
export interface Announcing {
  readonly beforeWrite: BeforeWrite;
  /** To be called before the caller is answered. */
  readonly confirm: () => Promise<void>;
}

export function announcing(
  { events, clock }: RegisterDeps,
  type: 'registered' | 'restored' | 'unregistered',
  actor: string,
): Announcing {
  let announcement: Announcement | undefined;
  return {
    beforeWrite: async ({ id, qmgr, queue, revision }) => {
      const event = {
        ...{ id: eventId(type, id, revision), type, timeMs: clock.nowMs(), subject: id },
        data: { id, qmgr, queue, actor },
      };
      const is = type === 'unregistered' ? 'gone' : 'stored';
      announcement = await events.announce([event], { id, revision, is });
    },
    confirm: async () => announcement?.confirm(),
  };
}
