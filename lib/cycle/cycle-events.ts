import { eventId, type LifecycleEvent, type LifecycleEventType } from '../events/lifecycle-event.ts';
import type { Registration, RegistrationState } from '../registration/registration.ts';
import { statusOf } from '../registration/state.ts';
import type { CycleName } from '../store/keys.ts';
import type { CycleReport } from './report.ts';

/** What a change of what is known of a registration is worth telling; nothing where it is not. */
export function eventOf(
  { record, state }: Registration,
  next: RegistrationState,
  nowMs: number,
): LifecycleEvent | undefined {
  const type = typeOf({ record, state }, { record, state: next });
  if (type === undefined) return undefined;
  const { id, qmgr, queue, revision } = record;
  // Each of these moves when such a change happens again to the same revision.
  const counters = [next.failures, next.quarantines ?? 0, state.quarantinedUntilMs ?? 0];
  const { quarantinedUntilMs: untilMs, reason } = next;
  return {
    id: eventId(type, id, revision, ...counters),
    type,
    timeMs: nowMs,
    subject: id,
    data: {
      ...{ id, qmgr, queue, failures: next.failures },
      ...(reason === undefined ? {} : { reason }),
      ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
    },
  };
}

function typeOf(before: Registration, after: Registration): LifecycleEventType | undefined {
  const [was, is] = [statusOf(before), statusOf(after)];
  if (was === is) return before.state.failures === 0 && after.state.failures > 0 ? 'failing' : undefined;
  return is === 'active' ? 'restored' : is;
}

/** That a run of a cycle ended, with its outcome. The fence makes it this run and no other. */
export function cycleCompleted(report: CycleReport, fence: number, nowMs: number): LifecycleEvent {
  const { cycle, id, outcome, started, duration_ms, problems } = report;
  return {
    id: eventId('cycle.completed', cycle, fence),
    type: 'cycle.completed',
    timeMs: nowMs,
    subject: cycle,
    data: { cycle, id, outcome, started, duration_ms, ...(problems === undefined ? {} : { problems }) },
  };
}

/** That the run before this one vanished: it held the lease to its end and never gave it back. */
export function cycleFailed(cycle: CycleName, fence: number, nowMs: number): LifecycleEvent {
  const reason = 'the run before this one never came to its end';
  return {
    id: eventId('cycle.failed', cycle, fence - 1),
    type: 'cycle.failed',
    timeMs: nowMs,
    subject: cycle,
    data: { cycle, reason },
  };
}
