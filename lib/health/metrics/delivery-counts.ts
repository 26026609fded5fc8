import {
  createHostScopes,
  endpointScope,
  metricsOf,
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
  const stored = countersOf(reports);
  const waiting = new Map(backlogs.map(({ endpoint, pending }) => [endpoint, pending]));
  const names = new Set([...configured, ...waiting.keys(), ...namesIn('endpoint', stored)]);
  return inOrder(names, (name) => metricsOf(stored, endpointScope(name), waiting.get(name) ?? 0));
}

/** By host, port included, of the targets of wake-ups; `*other*` stands for those that were too many to be told apart. */
export function hostCounts(reports: StoredReports): DeliveryCounts {
  const stored = countersOf(reports);
  const scopeOf = createHostScopes(stored.reduce((all, counters) => ({ ...all, ...counters }), {}));
  return inOrder(namesIn('host', stored), (host) => metricsOf(stored, scopeOf(host), 0));
}

type Counters = StoredReports['notify']['counters'];

function countersOf(reports: StoredReports): readonly Counters[] {
  return Object.values(reports).map(({ counters }) => counters);
}

function namesIn(kind: 'endpoint' | 'host', stored: readonly Counters[]): ReadonlySet<string> {
  const keys = stored.flatMap((counters) => Object.keys(counters));
  const parts = keys.map((key) => key.split('/', 3));
  return new Set(
    parts.flatMap(([of, name, rest]) =>
      of === kind && name !== undefined && rest !== undefined ? [decoded(name)] : [],
    ),
  );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function inOrder(names: ReadonlySet<string>, countsOf: (name: string) => EndpointMetrics): DeliveryCounts {
  return new Map([...names].toSorted().map((name) => [name, countsOf(name)]));
}
