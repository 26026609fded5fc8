import type { CycleLook, StoredReports } from '../stored-reports.ts';
import { counter, gauge, sole, type Metric, type Sample } from './metric.ts';

const OUTCOMES = ['completed', 'partial', 'failed'] as const;

/** When and how the cycles ran, and what they counted. */
export function cycleMetrics(reports: StoredReports): readonly Metric[] {
  const { notify, restore, persist } = reports;
  const ofEach = (valueOf: (look: CycleLook) => number | undefined): readonly Sample[] =>
    Object.entries(reports).flatMap(([cycle, look]: [string, CycleLook]) => {
      const value = valueOf(look);
      return value === undefined ? [] : [{ labels: { cycle }, value }];
    });
  const outcomes = Object.entries(reports).flatMap(([cycle, { last }]: [string, CycleLook]) =>
    last === undefined
      ? []
      : OUTCOMES.map((outcome) => ({
          labels: { cycle, outcome },
          value: last.outcome === outcome ? 1 : 0,
        })),
  );
  const notifications = (['succeeded', 'failed', 'skipped', 'deferred'] as const).map((outcome) => ({
    labels: { outcome },
    value: countOf(notify, outcome),
  }));
  return [
    counter(
      'cycles',
      'Runs of a cycle that reported.',
      ofEach((look) => countOf(look, 'cycles')),
    ),
    gauge(
      'cycle_last_start_timestamp_seconds',
      'When the last run of a cycle that reported began.',
      ofEach(({ last }) => last && last.startedMs / 1_000),
    ),
    gauge(
      'cycle_last_duration_seconds',
      'How long the last run of a cycle took.',
      ofEach(({ last }) => last && last.durationMs / 1_000),
    ),
    gauge(
      'cycle_last_outcome',
      'How the last run of a cycle ended: 1 for the outcome that it had.',
      outcomes,
    ),
    counter(
      'notifications',
      'Wake-ups by how they ended; skipped are those that a rule held back.',
      notifications,
    ),
    counter('notifications_due', 'Wake-ups that were due.', sole(countOf(notify, 'due'))),
    counter('notification_attempts', 'Attempts to wake a target.', sole(countOf(notify, 'attempts'))),
    counter('registrations_restored', 'Quarantines that were lifted.', sole(countOf(restore, 'restored'))),
    counter('backups', 'Backups that were written.', sole(countOf(persist, 'backups'))),
    counter('backups_pruned', 'Old backups that were deleted.', sole(countOf(persist, 'pruned'))),
  ];
}

function countOf({ counters }: CycleLook, name: string): number {
  return counters[name] ?? 0;
}
