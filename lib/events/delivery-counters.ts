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
  /** Answers by status, such as `200 OK`; `other` for those outside 100 to 599. */
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

/** Counts of several runs that knew nothing of each other: hosts beyond the limit are counted with the others. */
export function capHosts(
  counted: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const scopeOf = createHostScopes(before);
  const sums = new Map<string, number>();
  for (const [name, count] of Object.entries(counted)) {
    const { scope, of, name: host, rest } = COUNTER.exec(name)?.groups ?? {};
    const isNamed = of === 'host' && host !== undefined && scope !== OTHER_HOSTS;
    const capped = isNamed ? `${scopeOf(decodeURIComponent(host))}${rest ?? ''}` : name;
    sums.set(capped, (sums.get(capped) ?? 0) + count);
  }
  return Object.fromEntries(sums);
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
      // What no standard knows is what a stranger made up: each would be one more name that is kept for good.
      add(`${scope}Statuses/${status >= 100 && status <= 599 ? statusKey(status) : 'other'}`);
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

/** What is stored of one endpoint or host: sums by the rest of the counters' names. */
export interface DeliverySums {
  readonly of: 'endpoint' | 'host';
  /** As the counters' names have it, encoded. */
  readonly name: string;
  readonly sums: ReadonlyMap<string, number>;
}

const COUNTER = /^(?<scope>(?<of>endpoint|host)\/(?<name>[^/]+)\/)(?<rest>.*)$/s;

/**
 * Adds up what is stored, by whom it is of, in one pass.
 * @param stored the counters of all cycles' reports: each counts what it did itself.
 */
export function sumsByScope(
  stored: readonly Readonly<Record<string, number>>[],
): ReadonlyMap<CounterScope, DeliverySums> {
  const scopes = new Map<CounterScope, DeliverySums & { readonly sums: Map<string, number> }>();
  for (const [counter, value] of stored.flatMap((counters) => Object.entries(counters))) {
    const { scope, of, name, rest } = COUNTER.exec(counter)?.groups ?? {};
    if (scope === undefined || name === undefined || rest === undefined) continue;
    const key = scope as CounterScope;
    const known = scopes.get(key) ?? { of: of === 'host' ? 'host' : 'endpoint', name, sums: new Map() };
    known.sums.set(rest, (known.sums.get(rest) ?? 0) + value);
    scopes.set(key, known);
  }
  return scopes;
}

const STATUSES = 'Statuses/';

/** The counters of one endpoint or host, from what is stored of it and from how many events wait for it now. */
export function metricsOf(stored: DeliverySums | undefined, pending: number): EndpointMetrics {
  const sums = stored?.sums ?? new Map<string, number>();
  const sum = (name: string): number => sums.get(name) ?? 0;
  const statuses = [...sums].filter(([name]) => name.startsWith(STATUSES));
  return {
    Pending: pending,
    Events: sum('Egress') + pending,
    Successes: sum('Successes'),
    Failures: sum('Failures'),
    Errors: sum('Errors'),
    Statuses: Object.fromEntries(
      statuses.map(([name, value]) => [name.slice(STATUSES.length), value] as const).toSorted(byName),
    ),
  };
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
