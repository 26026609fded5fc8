import { damagedKeys } from '../indicators/damage.ts';
import type { QueueManagerLook, StoredReports } from '../stored-reports.ts';
import { gauge, sole, type Metric, type Sample } from './metric.ts';

/** What the last cycles found: registrations, damage, queue managers. */
export function stateMetrics(reports: StoredReports): readonly Metric[] {
  const { last } = reports.notify;
  const registrations = ['active', 'quarantined', 'retired'].flatMap((state) => {
    const value = last?.registrations[state];
    return value === undefined ? [] : [{ labels: { state }, value }];
  });
  const queueManagers = (valueOf: (look: QueueManagerLook) => number): readonly Sample[] =>
    (last?.queueManagers ?? []).map((look) => ({
      labels: { queue_manager: look.qmgr },
      value: valueOf(look),
    }));
  return [
    gauge('registrations', 'Registrations by state, as of the last notify cycle.', registrations),
    gauge('damaged_objects', 'Stored objects that cannot be understood.', sole(damagedKeys(reports).length)),
    gauge(
      'queue_manager_up',
      'Whether the last notify cycle could read a queue manager: 1 or 0.',
      queueManagers(({ isUp }) => (isUp ? 1 : 0)),
    ),
    gauge(
      'queue_manager_read_duration_seconds',
      'How long the last reading of a queue manager took.',
      queueManagers(({ durationMs }) => durationMs / 1_000),
    ),
  ];
}
