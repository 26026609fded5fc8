/**
 * What may be stored, by what was asked for and what was acknowledged. Three-valued: an operation that was acknowledged
 * took effect; one that failed or died may have taken effect, or not. Operations that overlap may take effect in either
 * order; one that ended before another began came first.
 */

/** What an operation leaves of an id: the mark of what was registered, or nothing. */
export type Effect = string | undefined;

export interface PresenceModel {
  /** An operation on `id` begins. Until it ends it may take effect at any moment. */
  readonly begin: (id: string, effect: Effect) => Begun;
  /** A moment, for `possible`. */
  readonly now: () => number;
  /** What may be there for somebody who reads from `since` until now. Without `since`: what may be there now. */
  readonly possible: (id: string, since?: number) => readonly Effect[];
  /** Forgets what can no longer be. Called when nothing is going on. */
  readonly compact: () => void;
}

export interface Begun {
  readonly end: (how: Ending) => void;
  /** What others may have left there while it went on: what it may have met. */
  readonly met: () => readonly Effect[];
}

/** `possible`: nobody knows whether it took effect. `none`: it did not. */
export type Ending = 'certain' | 'possible' | 'none';

interface Operation {
  readonly effect: Effect;
  readonly startedAt: number;
  endedAt: number;
  certain: boolean;
}

export function createPresenceModel(): PresenceModel {
  const history = new Map<string, Operation[]>();
  let moments = 0;
  const now = (): number => (moments += 1);

  const operationsOf = (id: string): Operation[] => {
    const known = history.get(id) ?? [{ effect: undefined, startedAt: 0, endedAt: 0, certain: true }];
    history.set(id, known);
    return known;
  };

  const left = (id: string, since: number, but?: Operation): Operation[] => {
    const all = operationsOf(id).filter((one) => one !== but);
    return all.filter(
      (one) => !all.some((other) => other.certain && other.startedAt > one.endedAt && other.endedAt < since),
    );
  };

  return {
    now,
    begin: (id, effect) => {
      const operation: Operation = { effect, startedAt: now(), endedAt: Infinity, certain: false };
      operationsOf(id).push(operation);
      return {
        end: (how) => {
          operation.endedAt = now();
          operation.certain = how === 'certain';
          if (how === 'none') operationsOf(id).splice(operationsOf(id).indexOf(operation), 1);
        },
        met: () => effectsOf(left(id, operation.startedAt, operation)),
      };
    },
    possible: (id, since = Infinity) => effectsOf(left(id, since)),
    compact: () => {
      for (const id of history.keys()) history.set(id, left(id, Infinity));
    },
  };
}

function effectsOf(operations: readonly Operation[]): Effect[] {
  return [...new Set(operations.map(({ effect }) => effect))];
}
