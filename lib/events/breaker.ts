/**
 * What is known of one endpoint between drains, as it is stored. The breaker is closed below the threshold of failures in
 * a row, open for a while after the latest of more, then lets one attempt through. Whoever drains holds the endpoint: so
 * one at a time sends, which keeps the order, and one at a time probes.
 */
export interface BreakerState {
  readonly format: 1;
  /** Failed attempts in a row. */
  readonly failures: number;
  readonly lastFailureMs: number;
  /** Who drains the endpoint, `''` for nobody, and until when at the latest. */
  readonly holder: string;
  readonly heldUntilMs: number;
  /** The event that is tried, and how often it was in vain. */
  readonly head: string;
  readonly attempts: number;
}

/** When a breaker opens, and for how long. */
export interface BreakerPolicy {
  readonly threshold: number;
  readonly backoffMs: number;
}

/** An endpoint of which nothing is known. */
export const CLOSED: BreakerState = {
  format: 1,
  failures: 0,
  lastFailureMs: 0,
  holder: '',
  heldUntilMs: 0,
  head: '',
  attempts: 0,
};

/** No drain holds an endpoint longer than a function may run; what says more comes from a clock that was wrong. */
const HOLD_MS_MAX = 180_000;

/** True while the threshold is reached, in whatever state the waiting is. */
export function isTripped(state: BreakerState, policy: BreakerPolicy): boolean {
  return state.failures >= policy.threshold;
}

/** True while nothing may be sent. A latest failure in the future is a clock's, and keeps nobody waiting. */
export function isOpen(state: BreakerState, policy: BreakerPolicy, nowMs: number): boolean {
  const sinceMs = nowMs - state.lastFailureMs;
  return isTripped(state, policy) && sinceMs >= 0 && sinceMs < policy.backoffMs;
}

export function isHeld(state: BreakerState, nowMs: number): boolean {
  const leftMs = state.heldUntilMs - nowMs;
  return state.holder !== '' && leftMs >= 0 && leftMs <= HOLD_MS_MAX;
}

/** The endpoint in the hands of `holder`, or as it is when somebody else holds it. */
export function held(
  state: BreakerState,
  by: { readonly holder: string; readonly untilMs: number; readonly nowMs: number },
): BreakerState {
  if (state.holder === by.holder || isHeld(state, by.nowMs)) return state;
  return { ...state, holder: by.holder, heldUntilMs: by.untilMs };
}

/** The endpoint in nobody's hands, with what its holder learned; as it is when it is another's by now. */
export function givenBack(state: BreakerState, learned: BreakerState): BreakerState {
  return state.holder === learned.holder && state.holder !== ''
    ? { ...learned, holder: '', heldUntilMs: 0 }
    : state;
}

/** An event arrived: the run of failures is over. */
export function afterSuccess(state: BreakerState): BreakerState {
  return { ...state, failures: 0, lastFailureMs: 0, head: '', attempts: 0 };
}

/** One attempt to send the event `head` was in vain. */
export function afterFailure(state: BreakerState, head: string, nowMs: number): BreakerState {
  const attempts = state.head === head ? state.attempts + 1 : 1;
  return { ...state, failures: state.failures + 1, lastFailureMs: nowMs, head, attempts };
}

/** A stored JSON value as a state, or `undefined` if it is not one. */
export function parseBreaker(json: unknown): BreakerState | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, failures, lastFailureMs, holder, heldUntilMs, head, attempts } = {
    ...CLOSED,
    format: 0,
    ...json,
  };
  const numbers = [failures, lastFailureMs, heldUntilMs, attempts];
  const isBreaker =
    (format as unknown) === 1 &&
    numbers.every((value) => Number.isSafeInteger(value) && value >= 0) &&
    typeof holder === 'string' &&
    typeof head === 'string';
  return isBreaker ? { format: 1, failures, lastFailureMs, holder, heldUntilMs, head, attempts } : undefined;
}
