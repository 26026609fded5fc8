/** What was asked and is not answered yet. */
export interface Pending {
  readonly has: (key: string) => boolean;
  /** Does it, unless the same is under way. */
  readonly during: (key: string, doing: () => Promise<void>) => Promise<void>;
}

/** @param changed called when something is under way, and when it is over. */
export function createPending(changed: () => void): Pending {
  const keys = new Set<string>();
  return {
    has: (key) => keys.has(key),
    during: async (key, doing) => {
      if (keys.has(key)) return;
      keys.add(key);
      changed();
      try {
        await doing();
      } finally {
        keys.delete(key);
        changed();
      }
    },
  };
}
