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
  if (inherited?.quarantinedUntilMs !== undefined) {
    const { quarantinedUntilMs, quarantinedReason: reason } = inherited;
    return { ...fresh, quarantinedUntilMs, ...(reason === undefined ? {} : { reason }) };
  }
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
  const { revision, changedAtMs, changes } = state;
  const counted = changes === undefined ? {} : { changes };
  const healthy: RegistrationState = { revision, failures: 0, changedAtMs, ...counted };
  return remember ? { ...healthy, wokenAtMs: nowMs } : healthy;
}

/** One failed wake-up: why, and whether it was time that ran out. */
export interface Failure {
  readonly reason: string;
  readonly timedOut: boolean;
}

/** A quarantine that follows on another lasts twice as long, up to so many times the first. */
const QUARANTINE_FACTOR_MAX = 8;

/**
 * Counts one failed wake-up. The failure that reaches `failuresMax`, or that of a probe after a quarantine, puts into
 * quarantine, or drops with `dropBad`.
 */
export function recordFailure(
  state: RegistrationState,
  policy: FailurePolicy,
  nowMs: number,
  { reason, timedOut }: Failure,
): RegistrationState {
  const { slow: _slow, notBeforeMs: _notBeforeMs, ...rest } = state;
  const failures = state.failures + 1;
  const failing: RegistrationState = { ...rest, failures, reason, ...(timedOut ? { slow: true } : {}) };
  if (failures < policy.failuresMax && !isProbe(state)) return failing;
  const ending: RegistrationState = { ...failing, changedAtMs: nowMs };
  if (policy.dropBad) return { ...ending, ended: 'dropped' };
  const quarantines = (state.quarantines ?? 0) + 1;
  const factor = Math.min(2 ** (quarantines - 1), QUARANTINE_FACTOR_MAX);
  return { ...ending, quarantines, quarantinedUntilMs: nowMs + policy.quarantineMs * factor };
}

/** True when a quarantine was just lifted: the next wake-up shows whether the target is well again. */
export function isProbe(state: RegistrationState): boolean {
  return state.quarantines !== undefined && state.quarantinedUntilMs === undefined;
}

/** The target asked to be left alone for a while. That is no failure. */
export function postpone(state: RegistrationState, notBeforeMs: number, reason: string): RegistrationState {
  return { ...state, notBeforeMs, reason };
}

/** True when a success has something to tidy up. */
export function isTroubled(state: RegistrationState): boolean {
  return (
    state.failures > 0 ||
    state.quarantines !== undefined ||
    state.slow !== undefined ||
    state.notBeforeMs !== undefined
  );
}

/** The target said that it is gone: not woken again until its owner registers anew. */
export function retire(state: RegistrationState, nowMs: number, reason: string): RegistrationState {
  const { slow: _slow, ...rest } = state;
  return { ...rest, ended: 'retired', reason, changedAtMs: nowMs };
}

/** True when a quarantine's time has passed, so that a restore cycle lifts it. */
export function isRestorable(state: RegistrationState, nowMs: number): boolean {
  return (
    state.ended === undefined && state.quarantinedUntilMs !== undefined && nowMs > state.quarantinedUntilMs
  );
}

/** Lifts a quarantine: active again with no failures, on probation until the first success. */
export function restore(state: RegistrationState, nowMs: number): RegistrationState {
  const { revision, quarantines = 1, wokenAtMs, changes } = state;
  return {
    ...{ revision, failures: 0, quarantines, changedAtMs: nowMs },
    ...(wokenAtMs === undefined ? {} : { wokenAtMs }),
    ...(changes === undefined ? {} : { changes }),
  };
}
