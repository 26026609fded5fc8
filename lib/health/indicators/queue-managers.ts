import type { Finding, IndicatorFamily } from '../health.ts';
import type { QueueManagerLook, StoredReports } from '../stored-reports.ts';

/** One component each queue manager that the last notify cycle asked, and how that went. Those that nobody waits for are not asked. */
export function queueManagerIndicators(reports: () => Promise<StoredReports>): IndicatorFamily {
  return {
    name: 'queue-manager',
    together: 'queue-managers',
    checkAll: async () => {
      const { last } = (await reports()).notify;
      return new Map(last?.queueManagers.map((one) => [one.qmgr, findingOf(one, last.startedMs)]));
    },
  };
}

function findingOf({ isUp, durationMs, error }: QueueManagerLook, askedMs: number): Finding {
  const details = { asked: new Date(askedMs).toISOString(), duration_ms: durationMs };
  return isUp
    ? { status: 'UP', details }
    : { status: 'DOWN', details: { ...details, reason: error ?? 'it could not be read' } };
}
