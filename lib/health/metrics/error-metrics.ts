import type { CycleLook, StoredReports } from '../stored-reports.ts';
import { counter, type Metric } from './metric.ts';

/** What went wrong in the cycles, by place and class as the table of errors names them. */
export function errorMetrics(reports: StoredReports): readonly Metric[] {
  const samples = Object.entries(reports).flatMap(([cycle, { counters }]: [string, CycleLook]) =>
    Object.entries(counters).flatMap(([name, value]) => {
      const [, place, errorClass] = /^error\/([^/]+)\/([^/]+)$/.exec(name) ?? [];
      return place === undefined || errorClass === undefined
        ? []
        : [{ labels: { cycle, place, class: errorClass }, value }];
    }),
  );
  return [counter('errors', 'Errors in the cycles by place and class.', samples)];
}
