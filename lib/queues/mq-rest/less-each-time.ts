import type { Answered, Verdict } from './verdict.ts';

/** How much a question asks for. A server that refuses part of it is asked for less. */
export interface Scope {
  /** Only queues that hold messages, chosen by the server. */
  readonly filtered: boolean;
  /** Attributes that tell whether a queue counts at all, by their names in the API: given up last. */
  readonly basic: readonly string[];
  /** Attributes that only some rules look at. */
  readonly optional: readonly string[];
}

/** What a server has refused of late. */
export interface Refusals {
  /** As much of a scope as may be asked for. */
  readonly allowed: (wished: Scope) => Scope;
  /** Takes note that `scope` was refused, once a smaller one was answered. */
  readonly remember: (scope: Scope, answeredScope: Scope) => void;
  /** What falls short because of it, in words. */
  readonly warnings: (wished: Scope) => readonly string[];
}

/** Servers are mended and replaced, and not every refusal was meant: after this time everything is asked for again. */
const REFUSED_MS = 60 * 60_000;

/** Remembers refusals for an hour. `nowMs`: milliseconds since any fixed moment. */
export function createRefusals(nowMs: () => number): Refusals {
  let filterUntilMs = -Infinity;
  const untilMs = new Map<string, number>();
  const isTaken = (attribute: string): boolean => (untilMs.get(attribute) ?? -Infinity) <= nowMs();
  return {
    allowed: ({ filtered, basic, optional }) => ({
      filtered: filtered && filterUntilMs <= nowMs(),
      basic: basic.filter(isTaken),
      optional: optional.filter(isTaken),
    }),
    remember: (scope, answeredScope) => {
      const endMs = nowMs() + REFUSED_MS;
      if (scope.filtered && !answeredScope.filtered) filterUntilMs = endMs;
      const answered = attributesOf(answeredScope);
      for (const attribute of attributesOf(scope))
        if (!answered.includes(attribute)) untilMs.set(attribute, endMs);
    },
    warnings: (wished) => {
      const missing = attributesOf(wished).filter((attribute) => !isTaken(attribute));
      if (missing.length === 0) return [];
      return [`the web server refuses ${missing.join(', ')}: rules on these have no effect`];
    },
  };
}

/** Asks for as much as is wished and not refused, and for less each time that part of it is. */
export async function askForLess<T>(
  refusals: Refusals,
  wished: Scope,
  ask: (scope: Scope) => Promise<Answered<T>>,
): Promise<Answered<T>> {
  const first = refusals.allowed(wished);
  for (let scope = first; ;) {
    const result = await ask(scope);
    if (result.ok) {
      refusals.remember(first, scope);
      return result;
    }
    const smaller = smallerScope(scope, result.verdict);
    if (smaller === undefined) return result;
    scope = smaller;
  }
}

export function attributesOf({ basic, optional }: Scope): readonly string[] {
  return [...basic, ...optional];
}

/** What to ask for instead, or `undefined` when nothing of the scope was the trouble. Each step is smaller: there are few. */
function smallerScope(scope: Scope, { refused }: Verdict): Scope | undefined {
  if (refused === undefined) return undefined;
  const isTaken = (attribute: string): boolean => !refused.attributes.includes(attribute);
  const smaller: Scope = {
    filtered: scope.filtered && !refused.filter,
    basic: scope.basic.filter(isTaken),
    optional: scope.optional.filter(isTaken),
  };
  const isSmaller =
    smaller.filtered !== scope.filtered || attributesOf(smaller).length < attributesOf(scope).length;
  return isSmaller ? smaller : undefined;
}
