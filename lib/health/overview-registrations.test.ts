import { describe, expect, it } from 'vitest';
import { asRegistrationId, type Registration } from '../registration/registration.ts';
import { QUEUES_MAX, REGISTRATIONS_MAX, type DecisionLook } from './overview.ts';
import { queueLooks, registrationLooks, withoutQuery } from './overview-registrations.ts';
import type { StoredRun } from './overview-reports.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const at = (minute: number): string => new Date(NOW_MS + minute * 60_000).toISOString();

function aRegistration(
  id: string,
  given: {
    readonly record?: Partial<Registration['record']>;
    readonly state?: Partial<Registration['state']>;
  } = {},
): Registration {
  const record = { qmgr: 'QM1', queue: 'ORDERS', notify: 'https://app.example/hook', ...given.record };
  const state = { revision: 'r', failures: 0, changedAtMs: NOW_MS, ...given.state };
  return {
    record: { format: 1, id: asRegistrationId(id), revision: 'r', lastUpdatedMs: NOW_MS, ...record },
    state,
  };
}

/** A run that decided so on each. */
function aRun(minute: number, decisions: Readonly<Record<string, Partial<DecisionLook>>>): StoredRun {
  const started = at(minute);
  const looks = Object.entries(decisions).map(
    ([id, given]) => [id, { reason: 'woken', detail: null, depth: null, at: started, ...given }] as const,
  );
  const run = { cycle: 'notify', started, duration_ms: 1, outcome: 'completed', problems: [] };
  return { ...run, queueManagers: [], decisions: new Map(looks), others: undefined };
}

describe('what a run decided on everybody whom it does not name', () => {
  it('is said of those who were registered when it began, in the same way since then', () => {
    const others = { reason: 'depth_below', detail: null, depth: 0, at: at(1) };
    const run = { ...aRun(1, {}), started: new Date(NOW_MS + 60_000).toISOString(), others };
    const later = aRegistration('later', { record: { lastUpdatedMs: NOW_MS + 60_000 } });
    const [before, after] = registrationLooks([aRegistration('before'), later], [run]);
    expect([before?.decision, after?.decision]).toEqual([others, null]);
    expect(queueLooks([aRegistration('before')], [run])).toMatchObject([{ depths: [0] }]);
    expect(queueLooks([later], [run])).toMatchObject([{ depths: [null] }]);
  });
});

describe('the lines of registrations', () => {
  it('are as many as fit, those in need of attention first', () => {
    const many = Array.from({ length: REGISTRATIONS_MAX + 10 }, (_, index) => aRegistration(`r${index}`));
    const lines = registrationLooks(
      [
        ...many,
        aRegistration('failing', { state: { failures: 1 } }),
        aRegistration('retired', { state: { ended: 'retired' } }),
        aRegistration('quarantined', { state: { quarantinedUntilMs: NOW_MS } }),
      ],
      [],
    );
    expect(lines.length).toBe(REGISTRATIONS_MAX);
    expect(lines.slice(0, 4).map(({ id }) => id)).toEqual(['quarantined', 'retired', 'failing', 'r0']);
  });

  it('leave out who was dropped', () => {
    expect(registrationLooks([aRegistration('x', { state: { ended: 'dropped' } })], [])).toEqual([]);
  });

  it('say until when a quarantine lasts, also when that is over', () => {
    for (const [minute, expected] of [
      [9, at(9)],
      [-9, at(-9)],
    ] as const) {
      const state = { quarantinedUntilMs: NOW_MS + minute * 60_000, failures: 10, reason: 'timed out' };
      expect(registrationLooks([aRegistration('x', { state })], [])).toMatchObject([
        { state: 'quarantined', backoff: expected, failcount: 10, state_reason: 'timed out' },
      ]);
    }
    expect(registrationLooks([aRegistration('x')], [])).toMatchObject([{ state: 'active', backoff: null }]);
  });

  it('have the decision of the last run, and when one last woke it', () => {
    const runs = [
      aRun(3, { x: { reason: 'depth_below', depth: 0 } }),
      aRun(2, { x: { reason: 'woken', depth: 4 } }),
      aRun(1, { x: { reason: 'woken', depth: 5 } }),
    ];
    const state = { wokenAtMs: NOW_MS - 60_000 };
    expect(
      registrationLooks([aRegistration('x', { state }), aRegistration('y', { state })], runs),
    ).toMatchObject([
      { id: 'x', decision: { reason: 'depth_below', at: at(3) }, last_woken: at(2) },
      { id: 'y', decision: null, last_woken: at(-1) },
    ]);
  });

  it('hide what may be secret', () => {
    const record = { notify: 'https://app.example/hook?code=x', delivery: { headers: { 'x-key': 'v' } } };
    const looks = registrationLooks([aRegistration('x', { record })], []);
    expect(looks).toMatchObject([{ notify: 'https://app.example/hook?***' }]);
    expect(JSON.stringify(looks)).not.toContain('x-key');
  });
});

describe('the lines of queues', () => {
  it('have the depth of each run, oldest first, and nothing where it was not counted', () => {
    const runs = [
      aRun(3, { a: { depth: 7 } }),
      aRun(2, {}),
      aRun(1, { a: { depth: null }, b: { depth: 2 } }),
    ];
    expect(queueLooks([aRegistration('a'), aRegistration('b')], runs)).toEqual([
      { qmgr: 'QM1', queue: 'ORDERS', registrations: 2, depths: [2, null, 7] },
    ]);
  });

  it('have of several registrations the largest depth, also of a pattern, whose depth is a sum', () => {
    const pattern = { record: { queue: 'ORDERS.*' } };
    const runs = [aRun(1, { a: { depth: 3 }, b: { depth: 12 }, c: { depth: 5 } })];
    const looks = queueLooks(
      [aRegistration('a', pattern), aRegistration('b', pattern), aRegistration('c')],
      runs,
    );
    expect(looks.map(({ queue, depths }) => [queue, depths])).toEqual([
      ['ORDERS.*', [12]],
      ['ORDERS', [5]],
    ]);
  });

  it('tell queues of the same name on two queue managers apart', () => {
    const other = aRegistration('b', { record: { qmgr: 'QM2' } });
    expect(queueLooks([aRegistration('a'), other], []).map(({ qmgr }) => qmgr)).toEqual(['QM1', 'QM2']);
  });

  it('are as many as fit, the deepest first and those that nobody counted last', () => {
    const all = Array.from({ length: QUEUES_MAX + 1 }, (_, index) =>
      aRegistration(`r${index}`, { record: { queue: `Q${index}` } }),
    );
    const looks = queueLooks(all, [aRun(1, { r1: { depth: 1 }, r500: { depth: 9 } })]);
    expect([looks.length, ...looks.slice(0, 3).map(({ queue }) => queue)]).toEqual([
      QUEUES_MAX,
      ...['Q500', 'Q1', 'Q0'],
    ]);
  });
});

it.each([
  ['https://a.example/x', 'https://a.example/x'],
  ['https://a.example/x?', 'https://a.example/x?***'],
  ['https://a.example/x?a=1?b=2', 'https://a.example/x?***'],
  ['region/project/job', 'region/project/job'],
])('of %s is shown %s', (given, shown) => expect(withoutQuery(given)).toBe(shown));
