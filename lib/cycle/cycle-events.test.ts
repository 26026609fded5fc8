import { describe, expect, it } from 'vitest';
import { aDraft } from '../../test/support/test-store.ts';
import {
  effectiveState,
  recordFailure,
  recordSuccess,
  restore,
  retire,
  type FailurePolicy,
} from '../registration/state.ts';
import type { RegistrationState } from '../registration/registration.ts';
import { toldChange } from './cycle-events.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const POLICY: FailurePolicy = { failuresMax: 2, quarantineMs: 60_000, dropBad: false };
const record = { format: 1, revision: 'r', ...aDraft({ id: 'x' }) } as const;
const FRESH = effectiveState(record, undefined);
const failed = (state: RegistrationState, policy = POLICY): RegistrationState =>
  recordFailure(state, policy, NOW, { reason: 'status 500', timedOut: false });
const told = (state: RegistrationState, next: RegistrationState) =>
  toldChange({ record, state }, next, NOW)?.event;
const after = (state: RegistrationState, next: RegistrationState): RegistrationState =>
  toldChange({ record, state }, next, NOW)?.next ?? next;

describe('of what happens to a registration', () => {
  const failing = failed(FRESH);
  const quarantined = failed(failing);
  const restored = restore(quarantined, NOW);

  it.each([
    ['failing', FRESH, failing],
    ['quarantined', failing, quarantined],
    ['restored', quarantined, restored],
    ['quarantined', restored, failed(restored)],
    ['retired', FRESH, retire(FRESH, NOW, 'gone')],
    ['dropped', failing, failed(failing, { ...POLICY, dropBad: true })],
  ] as const)('%s is told', (type, state, next) => {
    expect(told(state, next)).toMatchObject({ type, subject: 'x', timeMs: NOW });
  });

  it('more of the same is not, nor that all is well again', () => {
    const twice = failed(failing, { ...POLICY, failuresMax: 9 });
    expect(told(failing, twice)).toBeUndefined();
    expect(told(failing, recordSuccess(failing, NOW, false))).toBeUndefined();
  });

  it('is told under the same id when it is told again, and under another one when it happens again', () => {
    const first = after(FRESH, failing);
    const well = recordSuccess(first, NOW, false);
    const ids = [told(FRESH, failing), told(FRESH, failing), told(well, failed(well))].map(
      (event) => event?.id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(told(failing, quarantined)?.data).toEqual({
      ...{ id: 'x', qmgr: 'QM1', queue: 'DEV.QUEUE.1', revision: 'r', failures: 2, reason: 'status 500' },
      until: '2026-01-01T00:01:00.000Z',
    });
  });
});
