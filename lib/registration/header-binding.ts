import type { RegistrationRecord } from './registration.ts';

/**
 * What the header values of a registration are bound to when they are encrypted: with another target under the same id
 * they cannot be opened, so that nobody who may write registrations can have them sent to himself.
 */
export function headerBinding({ id, notify }: Pick<RegistrationRecord, 'id' | 'notify'>): string {
  return JSON.stringify([id, notify]);
}
