import type { EndpointBacklog } from '../../events/events.ts';
import type { StoredReports } from '../stored-reports.ts';
import { cycleMetrics } from './cycle-metrics.ts';
import { endpointCounts, hostCounts } from './delivery-counts.ts';
import { endpointMetrics, targetMetrics } from './delivery-metrics.ts';
import { errorMetrics } from './error-metrics.ts';
import { gauge, type Metric } from './metric.ts';
import { stateMetrics } from './state-metrics.ts';

/** What metrics are made of. */
export interface Observed {
  readonly nowMs: number;
  readonly version: string;
  readonly reports: StoredReports;
  readonly backlogs: readonly EndpointBacklog[];
  /** Names of the event endpoints that are configured. */
  readonly endpoints: readonly string[];
}

/** All metrics, always the same ones in the same order; those that nothing is known of have no samples. Pure. */
export function gatherMetrics(observed: Observed): readonly Metric[] {
  const { nowMs, version, reports, backlogs, endpoints } = observed;
  return [
    gauge('build_info', 'The version that answers; always 1.', [{ labels: { version }, value: 1 }]),
    ...cycleMetrics(reports),
    ...errorMetrics(reports),
    ...stateMetrics(reports),
    ...endpointMetrics(endpointCounts(reports, backlogs, endpoints), backlogs, nowMs),
    ...targetMetrics(hostCounts(reports)),
  ];
}
