import type { Channel } from '../channel.ts';

/**
 * A channel whose client is loaded when somebody is to be woken by it, and not before: clients are large, and most cycles
 * need few kinds. What cannot be loaded is tried again at the next attempt.
 */
export function lazyChannel(load: () => Promise<Channel>): Channel {
  let loading: Promise<Channel> | undefined;
  const channel = (): Promise<Channel> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    attempt: async (wakeUp, limits) => (await channel()).attempt(wakeUp, limits),
    endCycle: async () => {
      await (await loading)?.endCycle?.();
    },
  };
}
