import type { IncomingHttpHeaders } from 'node:http';
import type { RestAnswer } from './rest-answer.ts';
import { notAuthenticated, roleMissing, wrongCredentials } from './rest-errors.ts';

/** Who may sign in. Without a role, every request of the user is answered 403. */
export interface SimulatedUser {
  readonly name: string;
  readonly password: string;
  /** `MQWebAdminRO` when not given. */
  readonly role?: 'MQWebAdmin' | 'MQWebAdminRO' | 'none';
}

/** Who may sign in when nobody says otherwise. */
export const DEFAULT_USERS: readonly SimulatedUser[] = [{ name: 'mqreader', password: 'mqreader' }];

/** Checks basic authentication. Answers undefined when the request may go on, or else what MQ would answer. */
export function refuseStranger(
  users: readonly SimulatedUser[],
  path: string,
  headers: IncomingHttpHeaders,
): RestAnswer | undefined {
  const sent = /^basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(headers.authorization ?? '')?.[1];
  if (sent === undefined) return notAuthenticated(path);
  const credentials = Buffer.from(sent, 'base64').toString('utf8');
  const user = users.find(({ name, password }) => `${name}:${password}` === credentials);
  if (user === undefined) return wrongCredentials();
  return user.role === 'none' ? roleMissing(user.name) : undefined;
}
