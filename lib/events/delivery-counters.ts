import { statusKey } from './go-status-text.ts';

/** The six counters of an endpoint, by the names and in the meaning of Docker's registry. */
export interface EndpointMetrics {
  /** Events that wait. */
  readonly Pending: number;
  /** Events that came: those that wait and those that left, delivered or not. */
  readonly Events: number;
  /** Events that were accepted. */
  readonly Successes: number;
  /** Attempts that were answered with a status that is no acceptance. */
  readonly Failures: number;
  /** Attempts without an answer. */
  readonly Errors: number;
  /** Answers by status, such as `200 OK`. */
  readonly Statuses: Readonly<Record<string, number>>;
}

/** The part of the counters' names that says of what they are: `endpoint/<name>/` or `host/<host>/`. */
export type CounterScope = string & { readonly __brand: 'CounterScope' };

export function endpointScope(name: string): CounterScope {
  return `endpoint/${encodeURIComponent(name)}/` as CounterScope;
}

/** Hosts counted by name; the rest is counted together. */
export const HOSTS_MAX = 500;
const HOST = /^host\/([^/]+)\//;
const OTHER_HOSTS = 'host/*other*/' as CounterScope;

/**
 * Gives hosts their scopes. The hosts that `counters` knows keep theirs; new ones get one while there are fewer than
 * `HOSTS_MAX`.
 */
export function createHostScopes(counters: Readonly<Record<string, number>>): (host: string) => CounterScope {
  const known = new Set<string>();
  for (const name of Object.keys(counters)) {
    const host = HOST.exec(name)?.[1];
    if (host !== undefined && !OTHER_HOSTS.includes(host)) known.add(host);
  }
  return (host) => {
    const name = encodeURIComponent(host.toWellFormed().toLowerCase());
    if (known.size < HOSTS_MAX) known.add(name);
    return known.has(name) ? (`host/${name}/` as CounterScope) : OTHER_HOSTS;
  };
}

/** Counts what one run does. */
export interface DeliveryCounters {
  /** An attempt was answered. */
  readonly answered: (scope: CounterScope, status: number, accepted: boolean) => void;
  /** An attempt was answered in a way that has no status. */
  readonly decided: (scope: CounterScope, accepted: boolean) => void;
  /** An attempt had no answer. */
  readonly unanswered: (scope: CounterScope) => void;
  /** Events that wait no more: delivered, given up, or never to be sent. */
  readonly left: (scope: CounterScope, count: number) => void;
  /** What was counted, by name, for `CycleResult.counted`. */
  readonly counted: () => Readonly<Record<string, number>>;
}

export function createDeliveryCounters(): DeliveryCounters {
  const counts = new Map<string, number>();
  const add = (name: string, count = 1): void => void counts.set(name, (counts.get(name) ?? 0) + count);
  return {
    answered: (scope, status, accepted) => {
      add(`${scope}Statuses/${statusKey(status)}`);
      add(`${scope}${accepted ? 'Successes' : 'Failures'}`);
    },
    decided: (scope, accepted) => add(`${scope}${accepted ? 'Successes' : 'Failures'}`),
    unanswered: (scope) => add(`${scope}Errors`),
    left: (scope, count) => {
      if (count > 0) add(`${scope}Egress`, count);
    },
    counted: () => Object.fromEntries(counts),
  };
}

/**
 * The counters of one endpoint or host.
 * @param stored the counters of all cycles' reports: each counts what it did itself.
 * @param pending what waits now.
 */
export function metricsOf(
  stored: readonly Readonly<Record<string, number>>[],
  scope: CounterScope,
  pending: number,
): EndpointMetrics {
  const sum = (name: string): number =>
    stored.reduce((total, counters) => total + (counters[`${scope}${name}`] ?? 0), 0);
  const prefix = `${scope}Statuses/`;
  const statuses = new Set(
    stored.flatMap((counters) => Object.keys(counters).filter((name) => name.startsWith(prefix))),
  );
  return {
    Pending: pending,
    Events: sum('Egress') + pending,
    Successes: sum('Successes'),
    Failures: sum('Failures'),
    Errors: sum('Errors'),
    Statuses: Object.fromEntries(
      [...statuses].toSorted().map((name) => [name.slice(prefix.length), sum(name.slice(scope.length))]),
    ),
  };
}
