import { eventId, type LifecycleEvent, type LifecycleEventType } from '../events/lifecycle-event.ts';
import type { Registration, RegistrationState } from '../registration/registration.ts';
import { statusOf } from '../registration/state.ts';
import type { CycleName } from '../store/keys.ts';
import type { CycleReport } from './report.ts';

/** A change that is worth telling, and the state that it leads to, in which it is counted. */
export interface ToldChange {
  readonly event: LifecycleEvent;
  readonly next: RegistrationState;
}

/** What a change of what is known of a registration is worth telling; nothing where it is not. */
export function toldChange(
  { record, state }: Registration,
  next: RegistrationState,
  nowMs: number,
): ToldChange | undefined {
  const type = typeOf({ record, state }, { record, state: next });
  if (type === undefined) return undefined;
  const { id, qmgr, queue, revision } = record;
  // Counted in the state: the same for a change that is told again, and another one each time that it happens.
  const changes = (state.changes ?? 0) + 1;
  const { quarantinedUntilMs: untilMs, reason } = next;
  const event: LifecycleEvent = {
    id: eventId(type, id, revision, changes),
    type,
    timeMs: nowMs,
    subject: id,
    data: {
      ...{ id, qmgr, queue, revision, failures: next.failures },
      ...(reason === undefined ? {} : { reason }),
      ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
    },
  };
  return { event, next: { ...next, changes } };
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
