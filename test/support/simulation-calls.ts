import type { FaultPlan } from './faulty-object-store.ts';

/** Longer than any lease of a cycle, with the margin for clocks. */
export const PAST_LEASES_MS = 130_000;

/**
 * Plays once for each call of the store, from `first` on, until `play` answers that there was no such call. Answers how
 * many calls there were. A failure tells at which call it was.
 */
export async function atEachCall(play: (index: number) => Promise<boolean>, first = 0): Promise<number> {
  for (let index = first; ; index++)
    try {
      if (!(await play(index))) return index;
    } catch (error) {
      throw new Error(`at call ${index}`, { cause: error });
    }
}

/** Lets something happen before one call takes effect. */
export const beforeCall =
  (index: number, meanwhile: () => Promise<unknown>): FaultPlan =>
  (call) =>
    call.index === index
      ? { kind: 'waits', when: 'before', until: async () => void (await meanwhile()) }
      : undefined;
