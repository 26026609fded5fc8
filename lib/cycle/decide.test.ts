import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDraft } from '../../test/support/test-store.ts';
import type { QueueManagerReading } from '../queues/queue-depths.ts';
import type { Registration, RegistrationState } from '../registration/registration.ts';
import { effectiveState } from '../registration/state.ts';
import { decide, decideAtRest } from './decide.ts';

const NOW = 1_700_000_000_000;
const aRegistration = (
  given: Parameters<typeof aDraft>[0] = {},
  state: Partial<RegistrationState> = {},
): Registration => {
  const record = { format: 1 as const, revision: 'r', ...aDraft({ id: 'x', ...given }) };
  return { record, state: { ...effectiveState(record, undefined), ...state } };
};
const read = (depths: Readonly<Record<string, number>>): QueueManagerReading => ({
  kind: 'read',
  queues: new Map(Object.entries(depths).map(([queue, depth]) => [queue, { queue, depth }])),
});
const decision = (registration: Registration, reading: QueueManagerReading, nowMs = NOW): unknown => {
  const due = decide(registration, reading, nowMs);
  return due.due ? { queue: due.queue, depth: due.depth } : due.decision;
};

describe('a registration at rest', () => {
  it.each<[Partial<RegistrationState>, unknown]>([
    [{}, undefined],
    [{ failures: 5 }, undefined],
    [{ quarantinedUntilMs: NOW }, { id: 'x', reason: 'quarantined' }],
    [
      { quarantinedUntilMs: NOW - 1e9, reason: 'status 500' },
      { id: 'x', reason: 'quarantined', detail: 'status 500' },
    ],
    [
      { ended: 'retired', reason: 'gone' },
      { id: 'x', reason: 'retired', detail: 'gone' },
    ],
  ])('with %j is %j', (state, expected) => {
    expect(decideAtRest(aRegistration({}, state))).toEqual(expected);
  });
});

describe('a registration', () => {
  it.each<[string, Readonly<Record<string, number>>, unknown]>([
    ['DEV.QUEUE.1', { 'DEV.QUEUE.1': 3 }, { queue: 'DEV.QUEUE.1', depth: 3 }],
    ['DEV.QUEUE.1', { 'DEV.QUEUE.1': 1, 'DEV.QUEUE.11': 9 }, { queue: 'DEV.QUEUE.1', depth: 1 }],
    ['DEV.QUEUE.1', {}, { id: 'x', reason: 'depth_below', depth: 0 }],
    ['dev.queue.1', { 'DEV.QUEUE.1': 3 }, { id: 'x', reason: 'depth_below', depth: 0 }],
    ['toString', {}, { id: 'x', reason: 'depth_below', depth: 0 }],
    ['DEV.*', { 'DEV.A': 1, 'DEV.B': 7, DEVX: 99, 'X.DEV.A': 99 }, { queue: 'DEV.B', depth: 7 }],
    ['DEV.*', { 'DEV.C': 7, 'DEV.A': 7, 'DEV.B': 7 }, { queue: 'DEV.A', depth: 7 }],
    ['DEV.*', { 'DEV.': 2 }, { queue: 'DEV.', depth: 2 }],
    ['DEV.*', { 'dev.a': 2 }, { id: 'x', reason: 'depth_below', depth: 0 }],
    ['*', { B: 2, A: 1 }, { queue: 'B', depth: 2 }],
  ])('for %s, where %j wait: %j', (queue, depths, expected) => {
    expect(decision(aRegistration({ queue }), read(depths))).toEqual(expected);
  });

  it.each([
    [4, { id: 'x', reason: 'depth_below', depth: 4 }],
    [5, { queue: 'DEV.QUEUE.1', depth: 5 }],
    [6, { queue: 'DEV.QUEUE.1', depth: 6 }],
  ])('that wants 5 messages, with %i', (depth, expected) => {
    const registration = aRegistration({ when: { depth_at_least: 5 } });
    expect(decision(registration, read({ 'DEV.QUEUE.1': depth }))).toEqual(expected);
  });

  it('of a queue manager that could not be read is told so, and why', () => {
    expect(
      decision(aRegistration(), {
        kind: 'failed',
        code: 'timeout',
        message: 'secret.example did not answer',
      }),
    ).toEqual({
      id: 'x',
      reason: 'queue_manager_error',
      detail: 'timeout',
    });
  });

  it.each([
    [undefined, true],
    [NOW - 300_001, true],
    [NOW - 300_000, true],
    [NOW - 299_999, false],
    [NOW, false],
  ])('with a cooldown of five minutes, woken at %s, is due: %s', (wokenAtMs, due) => {
    const registration = aRegistration(
      { when: { cooldown: 'PT5M' } },
      wokenAtMs === undefined ? {} : { wokenAtMs },
    );
    expect(decision(registration, read({ 'DEV.QUEUE.1': 2 }))).toEqual(
      due ? { queue: 'DEV.QUEUE.1', depth: 2 } : { id: 'x', reason: 'cooldown', depth: 2 },
    );
  });

  it('whose queue is too short is not said to cool down', () => {
    const registration = aRegistration({ when: { cooldown: 'PT5M', depth_at_least: 3 } }, { wokenAtMs: NOW });
    expect(decision(registration, read({ 'DEV.QUEUE.1': 2 }))).toMatchObject({ reason: 'depth_below' });
  });

  it('for many queues takes the deepest, in whatever order they are told', () => {
    const name = fc.string({ unit: fc.constantFrom('A', 'B', '.', 'z'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.integer({ min: 1, max: 4 })), { selector: ([queue]) => queue }),
        name,
        (pairs, start) => {
          const registration = aRegistration({ queue: `${start}*` });
          const matching = pairs.filter(([queue]) => queue.startsWith(start));
          const most = Math.max(0, ...matching.map(([, depth]) => depth));
          const [first] = matching
            .filter(([, depth]) => depth === most)
            .map(([queue]) => queue)
            .toSorted((a, b) => (a < b ? -1 : 1));
          const expected =
            first === undefined
              ? { id: 'x', reason: 'depth_below', depth: 0 }
              : { queue: first, depth: most };
          for (const order of [pairs, pairs.toReversed()])
            expect(decision(registration, read(Object.fromEntries(order)))).toEqual(expected);
        },
      ),
    );
  });
});
