import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDraft } from '../../test/support/test-store.ts';
import type { Registration, RegistrationState } from './registration.ts';
import { effectiveState } from './state.ts';
import { timeFromWire, timeToWire, toAnswerForm, toStoredForm, ZERO_TIME } from './wire.ts';

const SEVEN = ['id', 'qmgr', 'queue', 'notify', 'failcount', 'backoff', 'last_updated'];

const aRegistration = (
  given: Parameters<typeof aDraft>[0] = {},
  state: Partial<RegistrationState> = {},
): Registration => {
  const record = { format: 1 as const, revision: 'r1', ...aDraft(given) };
  return { record, state: { ...effectiveState(record, undefined), ...state } };
};

describe('a registration on the wire', () => {
  it('has the seven keys first, in the order of the original, whatever else it has', () => {
    const full = aRegistration(
      { job: { max_instances: 2 }, delivery: { attempts: 1 }, when: { depth_at_least: 5 } },
      { quarantinedUntilMs: Date.parse('2026-01-02T00:00:00Z'), failures: 10, reason: 'status 500' },
    );
    expect(Object.keys(toAnswerForm(aRegistration()))).toEqual(SEVEN);
    expect(Object.keys(toAnswerForm(full))).toEqual(
      SEVEN.concat(['when', 'delivery', 'job', 'state', 'state_reason']),
    );
  });

  it('is healthy with failcount 0 and the zero time', () => {
    expect(toAnswerForm(aRegistration({ id: 'x' }))).toEqual({
      id: 'x',
      qmgr: 'QM1',
      queue: 'DEV.QUEUE.1',
      notify: 'https://app.example/hook',
      failcount: 0,
      backoff: ZERO_TIME,
      last_updated: '2023-11-14T22:13:20.000Z',
    });
  });

  it.each<[string, Partial<RegistrationState>, object]>([
    ['active and failing', { failures: 3, reason: 'status 500' }, { failcount: 3, backoff: ZERO_TIME }],
    [
      'quarantined',
      { failures: 10, quarantinedUntilMs: 1_700_000_100_000, reason: 'status 500' },
      {
        failcount: 10,
        backoff: '2023-11-14T22:15:00.000Z',
        state: 'quarantined',
        state_reason: 'status 500',
      },
    ],
    [
      'retired',
      { ended: 'retired', reason: 'the target answered 410 Gone' },
      { failcount: 0, backoff: ZERO_TIME, state: 'retired', state_reason: 'the target answered 410 Gone' },
    ],
  ])('says so when it is %s', (_, state, expected) => {
    const { id, qmgr, queue, notify, last_updated, ...rest } = toAnswerForm(aRegistration({}, state));
    expect(rest).toEqual(expected);
    expect([id, qmgr, queue, notify, last_updated]).not.toContain(undefined);
  });

  it('shows when its status changed, if that was after it was registered', () => {
    const changed = { changedAtMs: 1_700_000_999_000 };
    expect(toAnswerForm(aRegistration({}, changed)).last_updated).toBe('2023-11-14T22:29:59.000Z');
    const before = { changedAtMs: 0 };
    expect(toAnswerForm(aRegistration({}, before)).last_updated).toBe('2023-11-14T22:13:20.000Z');
  });

  it('never shows a header value to a caller, and leaves it as it is stored in an export', () => {
    const one = aRegistration({ delivery: { headers: { Authorization: 'enc:1:k:v', __proto__x: 'y' } } });
    expect(toAnswerForm(one).delivery).toEqual({ headers: { Authorization: '***', __proto__x: '***' } });
    expect(toStoredForm(one).delivery?.headers?.['Authorization']).toBe('enc:1:k:v');
  });
});

describe('a time on the wire', () => {
  it('comes back as it was, from year 1 to year 9999', () => {
    const ms = fc.integer({
      min: Date.parse('0001-01-03T00:00:00Z'),
      max: Date.parse('9999-12-31T23:59:59Z'),
    });
    fc.assert(
      fc.property(ms, (given) => {
        expect(timeFromWire(timeToWire(given))).toBe(given);
      }),
    );
  });

  it.each([undefined, -1e15, Number.NEGATIVE_INFINITY, Date.parse(ZERO_TIME)])(
    '%s is the zero time',
    (ms) => {
      expect(timeToWire(ms)).toBe(ZERO_TIME);
    },
  );

  it('stays one that every reader of RFC 3339 understands, however late', () => {
    for (const ms of [253_402_300_800_000, 8.64e15, 8.65e15, 1e300, Number.POSITIVE_INFINITY])
      expect(timeToWire(ms)).toBe('9999-12-31T23:59:59.999Z');
  });

  it.each([
    ['2026-11-21T21:31:00Z', '2026-11-21T21:31:00.000Z'],
    ['2026-11-21T21:31:00.123456789Z', '2026-11-21T21:31:00.123Z'],
    ['2026-11-21T21:31:00.1+02:00', '2026-11-21T19:31:00.100Z'],
    ['2026-11-21T21:31:00-11:30', '2026-11-22T09:01:00.000Z'],
    ['2026-11-21t21:31:00z', '2026-11-21T21:31:00.000Z'],
    ['2026-11-21 21:31:00.123456789Z', '2026-11-21T21:31:00.123Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is read', (text, iso) => {
    expect(timeFromWire(text)).toBe(Date.parse(iso));
  });

  it.each([undefined, null, '', ZERO_TIME, '0001-01-01T00:00:00+01:00', '0001-01-01T00:00:00-05:00'])(
    '%s is no time',
    (text) => expect(timeFromWire(text)).toBeUndefined(),
  );

  it.each([
    0,
    1_700_000_000_000,
    true,
    {},
    [],
    'now',
    '2026-11-21',
    '2026-11-21T21:31Z',
    '2026-11-21T21:31:00',
    '2026-11-21T21:31:00.Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T21:60:00Z',
    '2026-11-21T21:31:60Z',
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-11-21T21:31:00+24:00',
    '2026-11-21T21:31:00+01:60',
    '2026-11-21T21:31:00+0100',
    '+12026-11-21T21:31:00Z',
    ' 2026-11-21T21:31:00Z',
    '2026-11-21T21:31:00Z\n',
    '9999-12-31T23:59:59-12:00',
  ])('%j is refused', (text) => {
    expect(timeFromWire(text)).toBe('invalid');
  });
});
