import type { Channel } from '../channel.ts';

/** Stands where a kind of target cannot be woken as this deployment is configured. `message` says what to set. */
export function createUnavailableChannel(message: string): Channel {
  return { attempt: async () => ({ kind: 'misconfigured', message }) };
}
