import {
  endpointScope,
  metricsOf,
  sumsByScope,
  type CounterScope,
  type DeliverySums,
  type EndpointMetrics,
} from '../../events/delivery-counters.ts';
import type { EndpointBacklog } from '../../events/events.ts';
import type { StoredReports } from '../stored-reports.ts';

/** The counters of deliveries by whom they went to, in the order of the names. */
export type DeliveryCounts = ReadonlyMap<string, EndpointMetrics>;

/** By event endpoint: those that are configured, and those of which anything is stored. */
export function endpointCounts(
  reports: StoredReports,
  backlogs: readonly EndpointBacklog[],
  configured: readonly string[],
): DeliveryCounts {
  const stored = storedSums(reports);
  const waiting = new Map(backlogs.map(({ endpoint, pending }) => [endpoint, pending]));
  const counted = [...stored.values()].filter(({ of }) => of === 'endpoint').map(({ name }) => decoded(name));
  const names = new Set([...configured, ...waiting.keys(), ...counted]);
  return inOrder(
    [...names].map((name) => [name, metricsOf(stored.get(endpointScope(name)), waiting.get(name) ?? 0)]),
  );
}

/** By host, port included, of the targets of wake-ups; `*other*` stands for those that were too many to be told apart. */
export function hostCounts(reports: StoredReports): DeliveryCounts {
  const hosts = [...storedSums(reports).values()].filter(({ of }) => of === 'host');
  return inOrder(hosts.map((sums) => [decoded(sums.name), metricsOf(sums, 0)]));
}

function storedSums(reports: StoredReports): ReadonlyMap<CounterScope, DeliverySums> {
  return sumsByScope(Object.values(reports).map(({ counters }) => counters));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function inOrder(counts: readonly (readonly [string, EndpointMetrics])[]): DeliveryCounts {
  return new Map(counts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
