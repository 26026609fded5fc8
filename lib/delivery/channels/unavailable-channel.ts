import type { Channel } from '../channel.ts';

/** Stands where a kind of target cannot be woken by this version: every attempt fails and says so. */
export function createUnavailableChannel(what: string): Channel {
  return {
    attempt: async () => ({ kind: 'impossible', message: `${what} cannot be woken by this version yet` }),
  };
}
