import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aDraft } from '../../test/support/test-store.ts';
import type { RegistrationRecord, RegistrationState, RegistrationStatus } from './registration.ts';
import {
  effectiveState,
  isRestorable,
  recordFailure,
  recordSuccess,
  restore,
  retire,
  statusOf,
  type FailurePolicy,
} from './state.ts';

/** What can happen to a registration; a wake-up happens only to an active one. */
type Step = 'success' | 'fail' | 'retire' | 'restore' | 'register';

/** What the rules say, told independently of how they are written. */
interface Model {
  readonly status: RegistrationStatus;
  readonly failures: number;
  readonly untilMs: number | undefined;
  readonly changedAtMs: number;
  readonly revision: string;
  /** Quarantines without a success since. */
  readonly inARow: number;
}

const T0 = 1_700_000_000_000;
const record: RegistrationRecord = { format: 1, revision: 'r0', ...aDraft({ lastUpdatedMs: T0 }) };

const anew = (model: Model, nowMs: number): Model => ({
  ...model,
  status: 'active',
  failures: 0,
  untilMs: undefined,
  changedAtMs: nowMs,
});

function expected(model: Model, step: Step, policy: FailurePolicy, nowMs: number, revision: string): Model {
  if (step === 'register') return { ...anew(model, nowMs), revision, inARow: 0 };
  if (step === 'restore')
    return model.status === 'quarantined' && nowMs > (model.untilMs ?? 0) ? anew(model, nowMs) : model;
  if (model.status !== 'active') return model;
  if (step === 'success') return { ...model, failures: 0, inARow: 0 };
  if (step === 'retire') return { ...model, status: 'retired', changedAtMs: nowMs };
  const failures = model.failures + 1;
  const onProbation = model.inARow > 0;
  if (failures < policy.failuresMax && !onProbation) return { ...model, failures };
  if (policy.dropBad) return { ...model, status: 'dropped', failures, changedAtMs: nowMs };
  const untilMs = nowMs + policy.quarantineMs * ([1, 2, 4][model.inARow] ?? 8);
  return { ...model, status: 'quarantined', failures, untilMs, changedAtMs: nowMs, inARow: model.inARow + 1 };
}

interface Actual {
  readonly record: RegistrationRecord;
  readonly state: RegistrationState;
}

/** The same step, done with the rules. */
function done(actual: Actual, step: Step, policy: FailurePolicy, nowMs: number, revision: string): Actual {
  const { state } = actual;
  if (step === 'register') {
    const next = { ...actual.record, revision, lastUpdatedMs: nowMs };
    return { record: next, state: effectiveState(next, state) };
  }
  if (step === 'restore')
    return isRestorable(state, nowMs) ? { ...actual, state: restore(state, nowMs) } : actual;
  if (statusOf(actual) !== 'active') return actual;
  if (step === 'success') return { ...actual, state: recordSuccess(state, nowMs, false) };
  if (step === 'retire') return { ...actual, state: retire(state, nowMs, 'gone') };
  return { ...actual, state: recordFailure(state, policy, nowMs, { reason: 'status 500', timedOut: false }) };
}

const steps = fc.array(
  fc.record({
    step: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Step>('fail') },
      { weight: 4, arbitrary: fc.constantFrom<Step>('success', 'restore') },
      { weight: 1, arbitrary: fc.constantFrom<Step>('retire', 'register') },
    ),
    waitMs: fc.nat(100),
  }),
  { maxLength: 60 },
);
const policies = fc.record({
  failuresMax: fc.integer({ min: 1, max: 6 }),
  quarantineMs: fc.integer({ min: 1, max: 200 }),
  dropBad: fc.boolean(),
});

it('whatever happens to a registration, it is what the rules say', () => {
  fc.assert(
    fc.property(policies, steps, (policy, sequence) => {
      let nowMs = T0;
      let actual: Actual = { record, state: effectiveState(record, undefined) };
      let model: Model = {
        status: 'active',
        failures: 0,
        untilMs: undefined,
        changedAtMs: T0,
        revision: 'r0',
        inARow: 0,
      };
      for (const [index, { step, waitMs }] of sequence.entries()) {
        nowMs += waitMs;
        const revision = `r${index + 1}`;
        actual = done(actual, step, policy, nowMs, revision);
        model = expected(model, step, policy, nowMs, revision);
        const { state } = actual;
        expect({
          status: statusOf(actual),
          failures: state.failures,
          untilMs: state.quarantinedUntilMs,
          changedAtMs: state.changedAtMs,
          revision: state.revision,
          inARow: state.quarantines ?? 0,
        }).toEqual(model);
        expect(effectiveState(actual.record, state)).toBe(state);
      }
    }),
  );
});
