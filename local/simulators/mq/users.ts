import { matchesName } from './name-pattern.ts';

/** Who may sign in. Without a role, every request of the user is answered 403. */
export interface SimulatedUser {
  /** Also what a client certificate's common name is compared with. */
  readonly name: string;
  readonly password: string;
  /** `MQWebAdminRO` when not given. */
  readonly role?: UserRole;
  /** The queues that the role `MQWebUser` may see; a trailing `*` is generic. None when not given. */
  readonly queues?: readonly string[];
}

export type UserRole = 'MQWebAdmin' | 'MQWebAdminRO' | 'MQWebUser' | 'none';

/** Who may sign in when nobody says otherwise: one who reads depths, and one who puts and gets messages. */
export const DEFAULT_USERS: readonly SimulatedUser[] = [
  { name: 'mqreader', password: 'mqreader' },
  { name: 'app', password: 'app', role: 'MQWebUser', queues: ['*'] },
];

/** Whether the user may see a queue: `MQWebUser` only what was granted, the administrators' roles everything. */
export function maySee({ role, queues = [] }: SimulatedUser, queue: string): boolean {
  return role !== 'MQWebUser' || queues.some((pattern) => matchesName(queue, pattern));
}
