import packageJson from '../../package.json' with { type: 'json' };
import type { Events } from '../../lib/events/events.ts';
import type { Endpoint, Endpoints } from '../../lib/health/endpoint.ts';
import type { Indicator, IndicatorFamily } from '../../lib/health/health.ts';
import { createHealthEndpoint, type HealthGroups } from '../../lib/health/health-endpoint.ts';
import { inTime } from '../../lib/health/in-time.ts';
import { configurationIndicator } from '../../lib/health/indicators/configuration.ts';
import { cycleIndicator } from '../../lib/health/indicators/cycle.ts';
import { damageIndicator } from '../../lib/health/indicators/damage.ts';
import { egressIndicator } from '../../lib/health/indicators/egress.ts';
import { outboxIndicator } from '../../lib/health/indicators/outbox.ts';
import { processIndicator } from '../../lib/health/indicators/process.ts';
import { queueManagerIndicators } from '../../lib/health/indicators/queue-managers.ts';
import { storeIndicator } from '../../lib/health/indicators/store.ts';
import dashboard from '../../lib/health/generated/dashboard-page.cjs';
import { createInfoEndpoint } from '../../lib/health/info-endpoint.ts';
import { endpointCounts } from '../../lib/health/metrics/delivery-counts.ts';
import { gatherMetrics } from '../../lib/health/metrics/gather-metrics.ts';
import {
  createMetricsEndpoint,
  createPrometheusEndpoint,
} from '../../lib/health/metrics/metrics-endpoints.ts';
import { createVarsEndpoint } from '../../lib/health/metrics/vars-endpoint.ts';
import { createShared } from '../../lib/health/shared.ts';
import type { HealthLook } from '../../lib/health/overview.ts';
import { createDashboardEndpoint, createOverviewEndpoint } from '../../lib/health/overview-endpoint.ts';
import { readStoredReports, type StoredReports } from '../../lib/health/stored-reports.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import { describeConfiguration } from '../../lib/platform/configuration/describe-configuration.ts';
import type { ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import { ProblemError } from '../../lib/platform/problem.ts';
import type { CycleName } from '../../lib/store/keys.ts';
import type { Store } from '../../lib/store/store.ts';
import { composeEgressProblem, composeEvents, composeSealer, composeStore } from '../compose.ts';
import type { Runtime } from '../runtime.ts';
import { composeOverview } from './compose-overview.ts';

/** The cycles that come in each mode; they are called, and answer that there is nothing to do, in the others. */
const CYCLES_IN: Readonly<Record<ExecutionMode, readonly CycleName[]>> = {
  all: ['notify', 'restore', 'persist'],
  notifications: ['notify', 'restore', 'persist'],
  reservations: ['persist'],
};

/** The registry of endpoints: everything that `actuator` answers, by name. */
export function composeEndpoints(runtime: Runtime): Endpoints {
  const { configuration, clock } = runtime;
  const store = composeStore(runtime, composeSealer(configuration));
  const events = composeEvents(runtime, store);
  const reports = createShared(clock, () => readStoredReports(store.reports));
  const observe = createShared(clock, async () => {
    const [known, backlogs] = await soon(Promise.all([reports(), events.backlogs()]), clock);
    return { reports: known, backlogs, nowMs: clock.nowMs() };
  });
  const endpoints = configuration.events.map(({ name }) => name);
  const metrics = async () =>
    gatherMetrics({ ...(await observe()), version: packageJson.version, endpoints });
  const counters = async () => {
    const observed = await observe();
    return endpointCounts(observed.reports, observed.backlogs, endpoints);
  };
  const health = createHealthEndpoint(composeGroups(runtime, { store, reports, events }), clock);
  // Not shared: who has just changed something looks for it.
  const gather = composeOverview(runtime, store, async () => {
    const [observed, look] = await Promise.all([observe(), lookAtHealth(health)]);
    return { ...observed, health: look };
  });
  const overview = () => soon(gather(), clock);
  return new Map([
    ['health', health],
    ['overview', createOverviewEndpoint(overview)],
    ['dashboard', createDashboardEndpoint(dashboard.PAGE, configuration.dashboard.registerUrl)],
    ['info', createInfoEndpoint(composeContributors(runtime))],
    ['metrics', createMetricsEndpoint(metrics)],
    ['prometheus', createPrometheusEndpoint(metrics)],
    ['vars', createVarsEndpoint(configuration.events, counters)],
  ]);
}

/** All of it, as its endpoint tells it to administrators. */
async function lookAtHealth(health: Endpoint): Promise<HealthLook> {
  const answer = await health.answer({ params: [], query: new URLSearchParams(), isAdmin: true });
  return answer !== undefined && 'body' in answer
    ? (answer.body as HealthLook)
    : { status: 'INIT', components: {} };
}

function composeGroups(
  runtime: Runtime,
  given: {
    readonly store: Store;
    readonly reports: () => Promise<StoredReports>;
    readonly events: Pick<Events, 'backlogs'>;
  },
): HealthGroups {
  const { configuration, clock } = runtime;
  const { cycles, mode } = configuration;
  const { reports } = given;
  const delivery: readonly (Indicator | IndicatorFamily)[] = [
    ...CYCLES_IN[mode].map((cycle) => cycleIndicator({ cycle, schedule: cycles[cycle], reports, clock })),
    ...(mode === 'reservations' ? [] : [queueManagerIndicators(reports)]),
    outboxIndicator(given.events, clock),
  ];
  return {
    liveness: [processIndicator()],
    readiness: [
      storeIndicator(given.store, configuration.store.kind),
      configurationIndicator(configuration.warnings),
      egressIndicator(composeEgressProblem(runtime)),
      damageIndicator(reports),
    ],
    delivery,
  };
}

function composeContributors({ configuration }: Runtime) {
  // oxlint-disable-next-line no-restricted-properties -- what the platform and the build say of themselves is no setting
  const { CE_FUNCTION, CE_REGION, MQ_OBSERVER_COMMIT } = process.env;
  const { name, version } = packageJson;
  return [
    { name: 'app', info: () => ({ name, version, commit: MQ_OBSERVER_COMMIT ?? null }) },
    {
      name: 'runtime',
      info: () => ({
        node: process.version,
        function: CE_FUNCTION ?? null,
        region: CE_REGION ?? null,
        mode: configuration.mode,
      }),
    },
    { name: 'configuration', info: () => describeConfiguration(configuration) },
  ];
}

/** Scrapers wait ten seconds and call again: what takes longer helps nobody. */
const READ_MS_MAX = 8_000;

async function soon<T>(work: Promise<T>, clock: Clock): Promise<T> {
  const result = await inTime(work, clock, READ_MS_MAX);
  if (result !== 'timeout') return result;
  throw new ProblemError({
    code: 'unavailable',
    detail: `The store did not answer within ${READ_MS_MAX} ms; try again.`,
    headers: { 'retry-after': '5' },
  });
}
