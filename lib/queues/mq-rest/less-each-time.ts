import type { Verdict } from './verdict.ts';

/** How much a question asks for. A server that refuses part of it is asked for less. */
export interface Scope {
  /** Only queues that hold messages, chosen by the server. */
  readonly filtered: boolean;
  /** Attributes that are good to have, by their names in the API. */
  readonly attributes: readonly string[];
}

/** What a server has refused so far. */
export interface Refusals {
  /** The largest scope that may be asked for. */
  readonly allowed: (attributes: readonly string[]) => Scope;
  /** Takes note that `scope` was refused, once a smaller one was answered. */
  readonly remember: (scope: Scope, answeredScope: Scope) => void;
}

export function createRefusals(): Refusals {
  let filterRefused = false;
  const refused = new Set<string>();
  return {
    allowed: (attributes) => ({
      filtered: !filterRefused,
      attributes: attributes.filter((attribute) => !refused.has(attribute)),
    }),
    remember: (scope, answeredScope) => {
      filterRefused ||= scope.filtered && !answeredScope.filtered;
      for (const attribute of scope.attributes)
        if (!answeredScope.attributes.includes(attribute)) refused.add(attribute);
    },
  };
}

/** What to ask for instead, or `undefined` when nothing of the scope was the trouble. Each step is smaller: there are few. */
export function smallerScope(scope: Scope, { refused }: Verdict): Scope | undefined {
  if (refused === undefined) return undefined;
  const attributes = scope.attributes.filter((attribute) => !refused.attributes.includes(attribute));
  const filtered = scope.filtered && !refused.filter;
  const isSmaller = attributes.length < scope.attributes.length || filtered !== scope.filtered;
  return isSmaller ? { filtered, attributes } : undefined;
}
