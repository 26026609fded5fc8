import { describe, expect, it } from 'vitest';
import { aDraft } from '../../test/support/test-store.ts';
import type { RegistrationRecord, RegistrationState } from './registration.ts';
import {
  effectiveState,
  isProbe,
  isRestorable,
  isTroubled,
  recordFailure,
  recordSuccess,
  restore,
  retire,
  statusOf,
  type FailurePolicy,
} from './state.ts';

const T0 = 1_700_000_000_000;
const record: RegistrationRecord = { format: 1, revision: 'r1', ...aDraft({ lastUpdatedMs: T0 }) };
const fresh = effectiveState(record, undefined);
const policy: FailurePolicy = { failuresMax: 3, quarantineMs: 60_000, dropBad: false };
const statusAfter = (state: RegistrationState): string => statusOf({ record, state });

const timesOver = (
  times: number,
  from: RegistrationState,
  given: FailurePolicy = policy,
): RegistrationState => {
  let state = from;
  for (let count = 0; count < times; count++)
    state = recordFailure(state, given, T0, { reason: 'status 500', timedOut: false });
  return state;
};

describe('failures', () => {
  it('quarantine at the limit, neither earlier nor later', () => {
    expect(statusAfter(timesOver(2, fresh))).toBe('active');
    const state = timesOver(3, fresh);
    expect(state).toMatchObject({ failures: 3, quarantinedUntilMs: T0 + 60_000, reason: 'status 500' });
    expect(statusAfter(state)).toBe('quarantined');
  });

  it('drop in place of a quarantine where the operator wants that', () => {
    const state = timesOver(3, fresh, { ...policy, dropBad: true });
    expect(statusAfter(state)).toBe('dropped');
    expect(state.quarantinedUntilMs).toBeUndefined();
  });

  it('that were brought along from a higher limit quarantine at the next one, and leave nobody in between for ever', () => {
    const inherited = effectiveState({ ...record, inherited: { failures: 8 } }, undefined);
    expect(statusAfter(inherited)).toBe('active');
    expect(statusAfter(recordFailure(inherited, policy, T0, { reason: 'x', timedOut: false }))).toBe(
      'quarantined',
    );
  });

  it('are forgotten at the first success', () => {
    const healed = recordSuccess(timesOver(2, fresh), T0 + 1, false);
    expect(healed).toEqual(fresh);
    expect(statusAfter(timesOver(2, healed))).toBe('active');
  });

  it('only counted do not move last_updated; a quarantine, a drop, a retirement and a restoration do', () => {
    const later = T0 + 500;
    const failing = timesOver(2, fresh);
    expect(failing.changedAtMs).toBe(T0);
    const quarantined = recordFailure(failing, policy, later, { reason: 'x', timedOut: false });
    const dropped = recordFailure(failing, { ...policy, dropBad: true }, later, {
      reason: 'x',
      timedOut: false,
    });
    for (const state of [quarantined, dropped, retire(fresh, later, 'x'), restore(quarantined, later)])
      expect(state.changedAtMs).toBe(later);
  });
});

describe('a quarantine', () => {
  const quarantined = timesOver(3, fresh);
  const untilMs = T0 + 60_000;

  it.each([
    [untilMs - 1, false],
    [untilMs, false],
    [untilMs + 1, true],
  ])('at %i can be lifted: %s', (nowMs, expected) => {
    expect(isRestorable(quarantined, nowMs)).toBe(expected);
  });

  it('is followed by no failures, and by a probe', () => {
    const lifted = restore(quarantined, untilMs + 1);
    expect(lifted).toEqual({ revision: 'r1', failures: 0, quarantines: 1, changedAtMs: untilMs + 1 });
    expect(isProbe(lifted)).toBe(true);
    expect(isProbe(quarantined)).toBe(false);
  });

  it('follows again after one failed probe, twice as long each time, up to eight times', () => {
    const lengths: number[] = [];
    let state = quarantined;
    for (let round = 0; round < 6; round++) {
      const failure = { reason: 'x', timedOut: false };
      state = recordFailure(restore(state, untilMs), policy, untilMs, failure);
      lengths.push(((state.quarantinedUntilMs ?? 0) - untilMs) / policy.quarantineMs);
    }
    expect(lengths).toEqual([2, 4, 8, 8, 8, 8]);
  });

  it('is forgotten with the first success', () => {
    const well = recordSuccess(restore(quarantined, untilMs), untilMs + 1, false);
    expect(isProbe(well)).toBe(false);
    expect(isTroubled(well)).toBe(false);
    expect(statusAfter(recordFailure(well, policy, untilMs, { reason: 'x', timedOut: false }))).toBe(
      'active',
    );
  });

  it('of what is retired or dropped is never lifted', () => {
    for (const ended of ['retired', 'dropped'] as const)
      expect(isRestorable({ ...quarantined, ended }, untilMs + 1)).toBe(false);
    expect(isRestorable(fresh, untilMs + 1)).toBe(false);
  });
});

describe('what is known of a registration', () => {
  const learned: RegistrationState = { revision: 'r1', failures: 7, changedAtMs: T0 + 5 };

  it('is what cycles learned about this very revision', () => {
    expect(effectiveState(record, learned)).toBe(learned);
  });

  it('is nothing when it was learned about another revision', () => {
    expect(effectiveState({ ...record, revision: 'r2' }, learned)).toEqual({
      revision: 'r2',
      failures: 0,
      changedAtMs: T0,
    });
  });

  it.each<[string, RegistrationRecord['inherited'], string, number]>([
    ['a count', { failures: 4 }, 'active', 4],
    ['a quarantine', { failures: 10, quarantinedUntilMs: T0 }, 'quarantined', 10],
    [
      'a quarantine with its reason',
      { failures: 10, quarantinedUntilMs: T0, quarantinedReason: 'status 503' },
      'quarantined',
      10,
    ],
    ['a retirement', { failures: 0, retiredReason: 'gone' }, 'retired', 0],
    ['both', { failures: 1, quarantinedUntilMs: T0, retiredReason: 'gone' }, 'retired', 1],
  ])('starts with what it brought along: %s', (_, inherited, status, failures) => {
    if (inherited === undefined) throw new Error('a case without what it is about');
    const state = effectiveState({ ...record, inherited }, undefined);
    expect([statusAfter(state), state.failures]).toEqual([status, failures]);
    expect(state.reason).toBe(inherited.retiredReason ?? inherited.quarantinedReason);
  });
});
