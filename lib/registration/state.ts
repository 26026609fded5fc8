import type {
  Registration,
  RegistrationRecord,
  RegistrationState,
  RegistrationStatus,
} from './registration.ts';

/** When failures put a registration out of service, and for how long. */
export interface FailurePolicy {
  /** Consecutive failures that end the patience. */
  readonly failuresMax: number;
  readonly quarantineMs: number;
  /** True: drop it instead of putting it into quarantine. */
  readonly dropBad: boolean;
}

/**
 * What is known of a registration: what cycles learned about this very revision, else what it brought along, else the
 * fresh start. State of an earlier revision means nothing: registering again starts anew.
 */
export function effectiveState(
  record: RegistrationRecord,
  learned: RegistrationState | undefined,
): RegistrationState {
  if (learned !== undefined && learned.revision === record.revision) return learned;
  const { inherited, revision, lastUpdatedMs } = record;
  const fresh = { revision, failures: inherited?.failures ?? 0, changedAtMs: lastUpdatedMs };
  if (inherited?.retiredReason !== undefined)
    return { ...fresh, ended: 'retired', reason: inherited.retiredReason };
  if (inherited?.quarantinedUntilMs !== undefined)
    return { ...fresh, quarantinedUntilMs: inherited.quarantinedUntilMs };
  return fresh;
}

export function statusOf({ state }: Registration): RegistrationStatus {
  if (state.ended !== undefined) return state.ended;
  return state.quarantinedUntilMs === undefined ? 'active' : 'quarantined';
}

/**
 * A success ends the run of failures. `remember` keeps the time of the wake-up, for a cooldown. Counting up or down is no
 * change of `changedAtMs`: callers see that as `last_updated`, which in the original moves with the status only.
 */
export function recordSuccess(state: RegistrationState, nowMs: number, remember: boolean): RegistrationState {
  const { revision, changedAtMs } = state;
  const healthy: RegistrationState = { revision, failures: 0, changedAtMs };
  return remember ? { ...healthy, wokenAtMs: nowMs } : healthy;
}

/** Counts one failed wake-up. The failure that reaches `failuresMax` puts into quarantine, or drops with `dropBad`. */
export function recordFailure(
  state: RegistrationState,
  policy: FailurePolicy,
  nowMs: number,
  reason: string,
): RegistrationState {
  const failures = state.failures + 1;
  const failing: RegistrationState = { ...state, failures, reason };
  if (failures < policy.failuresMax) return failing;
  const ending: RegistrationState = { ...failing, changedAtMs: nowMs };
  if (policy.dropBad) return { ...ending, ended: 'dropped' };
  return { ...ending, quarantinedUntilMs: nowMs + policy.quarantineMs };
}

/** The target said that it is gone: not woken again until its owner registers anew. */
export function retire(state: RegistrationState, nowMs: number, reason: string): RegistrationState {
  return { ...state, ended: 'retired', reason, changedAtMs: nowMs };
}

/** True when a quarantine's time has passed, so that a restore cycle lifts it. */
export function isRestorable(state: RegistrationState, nowMs: number): boolean {
  return (
    state.ended === undefined && state.quarantinedUntilMs !== undefined && nowMs > state.quarantinedUntilMs
  );
}

/** Lifts a quarantine: active again with a clean slate. */
export function restore(state: RegistrationState, nowMs: number): RegistrationState {
  return { revision: state.revision, failures: 0, changedAtMs: nowMs };
}
