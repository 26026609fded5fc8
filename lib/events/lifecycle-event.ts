import { createHash } from 'node:crypto';
import type { RegistrationId } from '../registration/registration.ts';

/** What can happen to registrations, to cycles and to us that somebody may want to hear of. */
export type LifecycleEventType =
  | 'registered'
  | 'unregistered'
  | 'flushed'
  | 'failing'
  | 'quarantined'
  | 'restored'
  | 'dropped'
  | 'retired'
  | 'cycle.completed'
  | 'cycle.failed'
  | 'observer.error';

/** One thing that happened. */
export interface LifecycleEvent {
  /** The same however often the same change is told: `eventId` makes it. */
  readonly id: string;
  readonly type: LifecycleEventType;
  /** When it happened, epoch milliseconds. */
  readonly timeMs: number;
  /** What it happened to: a registration's id, a cycle's name. */
  readonly subject?: string;
  /** JSON, without secrets. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What the store must show before an event is sent that was announced ahead of its change: that this revision of the
 * registration is there, or that it is no more.
 */
export interface Expectation {
  readonly id: RegistrationId;
  readonly revision: string;
  readonly is: 'stored' | 'gone';
}

/**
 * The id of an event: 32 hexadecimal digits, the same for the same parts. They name the change and not the telling of it:
 * of a registration its id, its revision and a counter that the change moves, such as its failures or its quarantines.
 */
export function eventId(type: LifecycleEventType, ...parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify([type, ...parts]))
    .digest('hex')
    .slice(0, 32);
}
