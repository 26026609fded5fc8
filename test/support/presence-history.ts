/**
 * A history of what was asked for one registration, and the question whether what is left at the end can be explained.
 * An operation that ended before another began must not win over it; operations that overlap may end either way.
 */

/** What one operation wants of an id: a revision stored, or nothing there. */
export interface Asked {
  readonly effect: { readonly stored: string } | 'absent';
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface PresenceHistory {
  /** Runs `operation` and remembers when it began and ended, and what it acknowledged. */
  readonly record: (id: string, operation: () => Promise<Asked['effect'] | undefined>) => Promise<void>;
  /** What may be left of an id: revisions, and `undefined` for nothing. */
  readonly possible: (id: string) => readonly (string | undefined)[];
}

export function createPresenceHistory(): PresenceHistory {
  const asked = new Map<string, Asked[]>();
  let steps = 0;
  return {
    record: async (id, operation) => {
      const startedAt = (steps += 1);
      const effect = await operation();
      const endedAt = (steps += 1);
      if (effect !== undefined) asked.set(id, [...(asked.get(id) ?? []), { effect, startedAt, endedAt }]);
    },
    possible: (id) => {
      const all = asked.get(id) ?? [];
      const last = all.filter((one) => !all.some((other) => other.startedAt > one.endedAt));
      const results = last.map(({ effect }) => (effect === 'absent' ? undefined : effect.stored));
      return all.length === 0 ? [undefined] : results;
    },
  };
}
