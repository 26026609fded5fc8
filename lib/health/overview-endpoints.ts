import { isOpen, isTripped, type BreakerState } from '../events/breaker.ts';
import type { EndpointBacklog } from '../events/events.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import type { DeliveryCounts } from './metrics/delivery-counts.ts';
import type { EndpointLook } from './overview.ts';
import { timeOf, withoutQuery } from './overview-registrations.ts';

const NO_METRICS = { Pending: 0, Events: 0, Successes: 0, Failures: 0, Errors: 0, Statuses: {} };

/** How one event endpoint stands. Pure. */
export function endpointLook(
  settings: EventEndpointSettings,
  known: {
    readonly breaker: BreakerState;
    readonly counts: DeliveryCounts;
    readonly backlogs: readonly EndpointBacklog[];
    readonly nowMs: number;
  },
): EndpointLook {
  const { name, url, disabled } = settings;
  const backlog = known.backlogs.find(({ endpoint }) => endpoint === name);
  const open = isOpen(known.breaker, settings, known.nowMs);
  return {
    name,
    url: withoutQuery(url),
    disabled,
    breaker: open ? 'open' : isTripped(known.breaker, settings) ? 'half-open' : 'closed',
    open_until: open ? timeOf(known.breaker.lastFailureMs + settings.backoffMs) : null,
    oldest: timeOf(backlog?.oldestMs),
    metrics: known.counts.get(name) ?? NO_METRICS,
  };
}
