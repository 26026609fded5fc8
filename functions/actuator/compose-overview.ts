import type { EndpointBacklog } from '../../lib/events/events.ts';
import type { HealthLook, Overview } from '../../lib/health/overview.ts';
import { endpointLook } from '../../lib/health/overview-endpoints.ts';
import { queueLooks, registrationLooks } from '../../lib/health/overview-registrations.ts';
import { readRuns } from '../../lib/health/overview-reports.ts';
import { endpointCounts } from '../../lib/health/metrics/delivery-counts.ts';
import type { StoredReports } from '../../lib/health/stored-reports.ts';
import { statusOf } from '../../lib/registration/state.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Runtime } from '../runtime.ts';

/** Gathers the overview from what is stored. */
export function composeOverview(
  { configuration, clock }: Runtime,
  store: Store,
  observe: () => Promise<{
    readonly reports: StoredReports;
    readonly backlogs: readonly EndpointBacklog[];
    readonly health: HealthLook;
  }>,
): () => Promise<Overview> {
  const { events } = configuration;
  return async () => {
    const [observed, all, notify, restore, persist, breakers] = await Promise.all([
      observe(),
      store.registrations.readAll(),
      readRuns(store.reports, 'notify'),
      readRuns(store.reports, 'restore'),
      readRuns(store.reports, 'persist'),
      Promise.all(events.map(async (endpoint) => [endpoint, await breakerOf(store, endpoint.name)] as const)),
    ]);
    const nowMs = clock.nowMs();
    const registrations = all.stored.map(({ registration }) => registration);
    const count = (state: string): number =>
      registrations.filter((registration) => statusOf(registration) === state).length;
    const counts = endpointCounts(
      observed.reports,
      observed.backlogs,
      events.map(({ name }) => name),
    );
    return {
      now: new Date(nowMs).toISOString(),
      health: observed.health,
      registrations: {
        total: registrations.length,
        active: count('active'),
        quarantined: count('quarantined'),
        retired: count('retired'),
        damaged: all.damaged.length,
        lines: registrationLooks(registrations, notify),
      },
      queue_managers: notify[0]?.queueManagers ?? [],
      queues: queueLooks(registrations, notify),
      endpoints: breakers.map(([endpoint, breaker]) =>
        endpointLook(endpoint, { breaker, counts, backlogs: observed.backlogs, nowMs }),
      ),
      cycles: [...notify, ...restore, ...persist]
        .map(({ cycle, started, duration_ms, outcome, problems }) => ({
          cycle,
          started,
          duration_ms,
          outcome,
          problems,
        }))
        .toSorted((one, other) => Date.parse(other.started) - Date.parse(one.started)),
    };
  };
}

function breakerOf({ outbox }: Store, endpoint: string) {
  return outbox.breakers.of(endpoint).read();
}
