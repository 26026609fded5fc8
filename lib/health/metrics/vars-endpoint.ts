import { MASKED } from '../../registration/wire.ts';
import type { EndpointMetrics } from '../../events/delivery-counters.ts';
import type { EventEndpointSettings } from '../../platform/configuration/configuration.ts';
import type { Endpoint } from '../endpoint.ts';
import type { DeliveryCounts } from './delivery-counts.ts';

const NANOSECONDS_PER_MS = 1_000_000;

/**
 * `vars`: settings and counters of the event endpoints, of which `gather` knows every one, in the shape that a Docker registry gives of its own at
 * `/debug/vars`: durations in nanoseconds, `null` in place of an empty list. Values of headers are masked.
 */
export function createVarsEndpoint(
  settings: readonly EventEndpointSettings[],
  gather: () => Promise<DeliveryCounts>,
): Endpoint {
  return {
    isOpen: false,
    answer: async ({ params }) => {
      if (params.length > 0) return undefined;
      const counters = await gather();
      const endpoints = settings.map((one) => describe(one, counters.get(one.name)));
      const registry = { notifications: { endpoints: endpoints.length === 0 ? null : endpoints } };
      return { status: 200, body: { registry } };
    },
  };
}

function describe(endpoint: EventEndpointSettings, counters: EndpointMetrics | undefined): object {
  return {
    name: endpoint.name,
    url: shownUrl(endpoint.url),
    Headers: Object.fromEntries(Object.keys(endpoint.headers).map((name) => [name, [MASKED]])),
    Timeout: endpoint.timeoutMs * NANOSECONDS_PER_MS,
    Threshold: endpoint.threshold,
    Backoff: endpoint.backoffMs * NANOSECONDS_PER_MS,
    Ignore: { Types: endpoint.ignoredTypes },
    Metrics: counters,
  };
}

/** Without what often is a secret: credentials and the query. */
function shownUrl(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === '' ? '' : `?${MASKED}`}`;
}
