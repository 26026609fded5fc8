import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aReading, type SetQueue } from '../../test/support/test-cycles.ts';
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
const decision = (registration: Registration, reading: QueueManagerReading, nowMs = NOW): unknown => {
  const due = decide(registration, reading, nowMs);
  if (!due.due) return due.decision;
  const { queue, depth, depthSum } = due;
  return { queue, depth, ...(depthSum === undefined ? {} : { depth_sum: depthSum }) };
};
const isDue = (...given: Parameters<typeof decide>): boolean => decide(...given).due;

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

  it.each<[string, QueueManagerReading, object]>([
    ['DEV.A', aReading({ 'DEV.A': 7 }), { depth: 7 }],
    ['DEV.A', aReading({}), { depth: 0 }],
    ['DEV.*', aReading({ 'DEV.A': 7, 'DEV.B': 2 }), { depth: 7, depth_sum: 9 }],
    ['DEV.A', { ...aReading({}), notFound: new Set(['DEV.A']) }, {}],
    ['DEV.A', { kind: 'failed', code: 'timeout', message: 'm' }, {}],
  ])('has the depth of %s where it was read: %j', (queue, reading, depths) => {
    const registration = aRegistration({ queue }, { quarantinedUntilMs: NOW });
    expect(decideAtRest(registration, reading)).toEqual({ id: 'x', reason: 'quarantined', ...depths });
  });
});

describe('a registration', () => {
  it.each<[string, Readonly<Record<string, number>>, unknown]>([
    ['DEV.QUEUE.1', { 'DEV.QUEUE.1': 3 }, { queue: 'DEV.QUEUE.1', depth: 3 }],
    ['DEV.QUEUE.1', { 'DEV.QUEUE.1': 1, 'DEV.QUEUE.11': 9 }, { queue: 'DEV.QUEUE.1', depth: 1 }],
    ['DEV.QUEUE.1', {}, { id: 'x', reason: 'depth_below', depth: 0 }],
    ['dev.queue.1', { 'DEV.QUEUE.1': 3 }, { id: 'x', reason: 'depth_below', depth: 0 }],
    ['toString', {}, { id: 'x', reason: 'depth_below', depth: 0 }],
    [
      'DEV.*',
      { 'DEV.A': 1, 'DEV.B': 7, DEVX: 99, 'X.DEV.A': 99 },
      { queue: 'DEV.B', depth: 7, depth_sum: 8 },
    ],
    ['DEV.*', { 'DEV.C': 7, 'DEV.A': 7, 'DEV.B': 7 }, { queue: 'DEV.A', depth: 7, depth_sum: 21 }],
    ['DEV.*', { 'DEV.': 2 }, { queue: 'DEV.', depth: 2, depth_sum: 2 }],
    ['DEV.*', { 'dev.a': 2 }, { id: 'x', reason: 'depth_below', depth: 0, depth_sum: 0 }],
    ['*', { 'SYSTEM.ADMIN.PERFM.EVENT': 9, A: 1 }, { queue: 'A', depth: 1, depth_sum: 1 }],
    ['SYSTEM.A', { 'SYSTEM.A': 9 }, { queue: 'SYSTEM.A', depth: 9 }],
    ['*', { B: 2, A: 1 }, { queue: 'B', depth: 2, depth_sum: 3 }],
  ])('for %s, where %j wait: %j', (queue, depths, expected) => {
    expect(decision(aRegistration({ queue }), aReading(depths))).toEqual(expected);
  });

  it.each([
    [4, { id: 'x', reason: 'depth_below', depth: 4 }],
    [5, { queue: 'DEV.QUEUE.1', depth: 5 }],
    [6, { queue: 'DEV.QUEUE.1', depth: 6 }],
  ])('that wants 5 messages, with %i', (depth, expected) => {
    const registration = aRegistration({ when: { depth_at_least: 5 } });
    expect(decision(registration, aReading({ 'DEV.QUEUE.1': depth }))).toEqual(expected);
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
    expect(decision(registration, aReading({ 'DEV.QUEUE.1': 2 }))).toEqual(
      due ? { queue: 'DEV.QUEUE.1', depth: 2 } : { id: 'x', reason: 'cooldown', depth: 2 },
    );
  });

  it('whose queue is too short is not said to cool down', () => {
    const registration = aRegistration({ when: { cooldown: 'PT5M', depth_at_least: 3 } }, { wokenAtMs: NOW });
    expect(decision(registration, aReading({ 'DEV.QUEUE.1': 2 }))).toMatchObject({ reason: 'depth_below' });
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
          const sum = matching.reduce((total, [, depth]) => total + depth, 0);
          const expected =
            first === undefined
              ? { id: 'x', reason: 'depth_below', depth: 0, depth_sum: 0 }
              : { queue: first, depth: most, depth_sum: sum };
          for (const order of [pairs, pairs.toReversed()])
            expect(decision(registration, aReading(Object.fromEntries(order)))).toEqual(expected);
        },
      ),
    );
  });
});

const MINUTE_MS = 60_000;
const QUEUE = 'DEV.QUEUE.1';
type When = NonNullable<Registration['record']['when']>;

describe('the rules', () => {
  const due = (depth: number): unknown => ({ queue: QUEUE, depth });
  const not = (reason: string, depth: number): unknown => ({ id: 'x', reason, depth });
  const unknownAge = (depth: number): unknown => ({
    id: 'x',
    reason: 'depth_below',
    depth,
    detail: expect.stringContaining('MONQ') as string,
  });
  const age: When = { oldest_message_age_at_least: 'PT5M' };
  const ageOrDepth: When = { ...age, depth_at_least: 5 };
  const alone: When = { no_reader: true };

  it.each<[When, SetQueue, unknown]>([
    [age, { depth: 1, oldestMessageAgeMs: 5 * MINUTE_MS }, due(1)],
    [age, { depth: 1, oldestMessageAgeMs: 5 * MINUTE_MS - 1 }, not('depth_below', 1)],
    [age, { depth: 999, oldestMessageAgeMs: 0 }, not('depth_below', 999)],
    [age, { depth: 999 }, unknownAge(999)],
    [age, 0, not('depth_below', 0)],
    [ageOrDepth, { depth: 1, oldestMessageAgeMs: 5 * MINUTE_MS }, due(1)],
    [ageOrDepth, { depth: 4, oldestMessageAgeMs: 4 * MINUTE_MS }, not('depth_below', 4)],
    [ageOrDepth, { depth: 5, oldestMessageAgeMs: 0 }, due(5)],
    [ageOrDepth, { depth: 4 }, unknownAge(4)],
    [ageOrDepth, { depth: 5 }, due(5)],
    [{}, { depth: 1, getInhibited: true }, not('get_inhibited', 1)],
    [{ depth_at_least: 2 }, { depth: 1, getInhibited: true }, not('depth_below', 1)],
    [alone, { depth: 1, openInputCount: 0 }, due(1)],
    [alone, { depth: 1, openInputCount: 1 }, not('reader_present', 1)],
    [alone, { depth: 1 }, due(1)],
    [alone, { depth: 1, openInputCount: 1, getInhibited: true }, not('get_inhibited', 1)],
    [{ no_reader: false }, { depth: 1, openInputCount: 1 }, due(1)],
    [{}, { depth: 1, openInputCount: 1 }, due(1)],
    [{ no_reader: true, depth_at_least: 2 }, { depth: 1, openInputCount: 1 }, not('depth_below', 1)],
  ])('%j make of a queue with %j: %j', (when, queue, expected) => {
    expect(decision(aRegistration({ when }), aReading({ [QUEUE]: queue }))).toEqual(expected);
  });

  it.each<[string, When, Readonly<Record<string, SetQueue>>, unknown]>([
    [
      'passes over what nobody can get from',
      {},
      { 'DEV.A': { depth: 9, getInhibited: true }, 'DEV.B': 2 },
      { queue: 'DEV.B', depth: 2, depth_sum: 11 },
    ],
    [
      'passes over what is being read',
      alone,
      { 'DEV.A': { depth: 9, openInputCount: 1 }, 'DEV.B': { depth: 2, openInputCount: 0 } },
      { queue: 'DEV.B', depth: 2, depth_sum: 11 },
    ],
    [
      'takes a short queue of old messages before a deep one of young ones',
      age,
      { 'DEV.A': { depth: 9, oldestMessageAgeMs: 1 }, 'DEV.B': { depth: 2, oldestMessageAgeMs: 9e5 } },
      { queue: 'DEV.B', depth: 2, depth_sum: 11 },
    ],
    [
      'asks each queue, not all together, for the depth',
      { depth_at_least: 5 },
      { 'DEV.A': 4, 'DEV.B': 4 },
      { id: 'x', reason: 'depth_below', depth: 4, depth_sum: 8 },
    ],
    [
      'tells what keeps it from the deepest that would do',
      { no_reader: true, depth_at_least: 2 },
      {
        'DEV.A': 1,
        'DEV.B': { depth: 3, getInhibited: true },
        'DEV.C': { depth: 4, openInputCount: 2 },
      },
      { id: 'x', reason: 'reader_present', depth: 4, depth_sum: 8 },
    ],
  ])('for a pattern: %s', (_what, when, queues, expected) => {
    expect(decision(aRegistration({ queue: 'DEV.*', when }), aReading(queues))).toEqual(expected);
  });

  it('know a queue that does not exist', () => {
    const reading = aReading({}, { notFound: [QUEUE] });
    expect(decision(aRegistration(), reading)).toEqual({ id: 'x', reason: 'queue_not_found' });
    expect(decision(aRegistration({ queue: 'OTHER' }), reading)).toEqual({
      ...{ id: 'x', reason: 'depth_below', depth: 0 },
    });
  });

  it('come in order: the queue, who reads it, the target, its owner, progress', () => {
    const when: When = { depth_at_least: 2, no_reader: true, cooldown: 'PT1H' };
    const held: Partial<RegistrationState> = { notBeforeMs: NOW + 1, wokenAtMs: NOW };
    const standstill = {
      subject: 'r',
      depth: 2,
      wakeUps: 10,
      wokenAtMs: NOW,
      oldestPutAtMs: 0,
      rising: false,
    };
    const reasonOf = (
      queue: SetQueue,
      state: Partial<RegistrationState>,
      settings: When = when,
    ): string | undefined => {
      const found = decide(
        aRegistration({ when: settings }, state),
        aReading({ [QUEUE]: queue }),
        NOW,
        standstill,
      );
      return found.due ? undefined : found.decision.reason;
    };
    const all = { depth: 2, openInputCount: 1, getInhibited: true } as const;
    expect(reasonOf({ ...all, depth: 1 }, held)).toBe('depth_below');
    expect(reasonOf(all, held)).toBe('get_inhibited');
    expect(reasonOf({ depth: 2, openInputCount: 1 }, held)).toBe('reader_present');
    expect(reasonOf(2, held)).toBe('postponed');
    expect(reasonOf(2, { wokenAtMs: NOW })).toBe('cooldown');
    expect(reasonOf(2, {})).toBe('no_progress');
  });
});

describe('what is remembered of wake-ups without progress', () => {
  const standstill = {
    subject: 'r',
    depth: 3,
    wakeUps: 11,
    wokenAtMs: NOW - MINUTE_MS,
    oldestPutAtMs: 0,
    rising: false,
  };
  const after = (reading: QueueManagerReading, given: Parameters<typeof aDraft>[0] = {}): unknown =>
    decide(aRegistration(given), reading, NOW, standstill).standstill;

  it('holds a registration back and says until when', () => {
    const found = decide(aRegistration(), aReading({ [QUEUE]: 3 }), NOW, standstill);
    expect(found).toEqual({
      due: false,
      standstill,
      decision: {
        id: 'x',
        reason: 'no_progress',
        depth: 3,
        detail: `the depth did not fall over 11 wake-ups in a row; the next one is at ${new Date(NOW + MINUTE_MS).toISOString()}, or as soon as it falls`,
      },
    });
  });

  it('is kept while nothing is known of the queue, and while something else holds the wake-up back', () => {
    expect(after({ kind: 'failed', code: 'timeout', message: '' })).toBe(standstill);
    expect(after(aReading({ [QUEUE]: { depth: 3, getInhibited: true } }))).toBe(standstill);
    const read = aReading({ [QUEUE]: { depth: 4, openInputCount: 1 } });
    expect(after(read, { when: { no_reader: true } })).toBe(standstill);
  });

  it.each<[string, QueueManagerReading, Parameters<typeof aDraft>[0]]>([
    ['a lower depth', aReading({ [QUEUE]: 2 }), {}],
    ['an empty queue', aReading({}), {}],
    ['a depth below what it takes', aReading({ [QUEUE]: 3 }), { when: { depth_at_least: 4 } }],
    ['a queue that is gone', aReading({}, { notFound: [QUEUE] }), {}],
    ['a lower depth that is held back', aReading({ [QUEUE]: { depth: 2, getInhibited: true } }), {}],
    ['only later messages', aReading({ [QUEUE]: { depth: 3, oldestMessageAgeMs: 59_000 } }), {}],
  ])('is forgotten with %s', (_what, reading, given) => {
    expect(after(reading, given)).toBeUndefined();
  });

  it('of a pattern looks at all its queues, and is forgotten when another comes to the fore', () => {
    const pattern = aRegistration({ queue: 'DEV.*' });
    const before = { ...standstill, subject: 'r/DEV.A', depth: 10 };
    const dueWith = (queues: Readonly<Record<string, number>>): boolean =>
      isDue(pattern, aReading(queues), NOW, before);
    expect(dueWith({ 'DEV.A': 6, 'DEV.B': 4 })).toBe(false);
    expect(dueWith({ 'DEV.A': 6, 'DEV.B': 3 })).toBe(true);
    expect(dueWith({ 'DEV.A': 4, 'DEV.B': 6 })).toBe(true);
  });
});

describe('whatever a queue manager answers', () => {
  const depth = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(NaN, -Infinity, 999_999_999));
  const queue = fc.record(
    {
      depth,
      oldestMessageAgeMs: fc.constantFrom(0, 299_999, 300_000, NaN),
      openInputCount: fc.integer({ min: 0, max: 2 }),
      getInhibited: fc.constant(true as const),
    },
    { requiredKeys: ['depth'] },
  );
  const readings = fc.uniqueArray(
    queue.chain((facts) => fc.record({ queue: fc.constantFrom('A', 'AB', 'B'), facts: fc.constant(facts) })),
    { selector: (one) => one.queue },
  );
  // Not by way of `aReading`, which leaves out what has no depth.
  const asReading = (found: readonly { queue: string; facts: SetQueue & object }[]): QueueManagerReading => ({
    ...aReading({}),
    queues: new Map(found.map(({ queue: name, facts }) => [name, { queue: name, ...facts }])),
  });
  const when = fc.record(
    {
      depth_at_least: fc.integer({ min: 1, max: 9 }),
      oldest_message_age_at_least: fc.constantFrom('PT5M', 'PT1S'),
      no_reader: fc.boolean(),
      cooldown: fc.constantFrom('PT0S', 'PT5M'),
    },
    { requiredKeys: [] },
  );
  const registrations = fc
    .record({
      queue: fc.constantFrom('A', 'B', 'A*', '*'),
      when,
      state: fc.record({ wokenAtMs: fc.constantFrom(NOW, NOW - 9e6) }, { requiredKeys: [] }),
    })
    .map(({ state, ...given }) => aRegistration(given, state));
  const standstill = fc.option(
    fc.record({
      subject: fc.constantFrom('r', 'r/A', 'r/B'),
      depth: fc.integer({ min: 1, max: 12 }),
      wakeUps: fc.integer({ min: 1, max: 2000 }),
      wokenAtMs: fc.constantFrom(1, NOW - 60_000, NOW, Number.MAX_SAFE_INTEGER),
      oldestPutAtMs: fc.constantFrom(0, 1, NOW),
      rising: fc.boolean(),
    }),
    { nil: undefined },
  );

  it('there is a decision, and nobody is woken for a queue without messages or by somebody else’s name', () => {
    fc.assert(
      fc.property(registrations, readings, standstill, (registration, found, before) => {
        const answer = decide(registration, asReading(found), NOW, before);
        if (!answer.due) {
          expect(answer.decision.id).toBe('x');
          return;
        }
        const { queue: name } = registration.record;
        expect(answer.depth).toBeGreaterThanOrEqual(1);
        expect(found).toContainEqual({
          queue: answer.queue,
          facts: expect.objectContaining({ depth: answer.depth }) as object,
        });
        expect(name.endsWith('*') ? answer.queue.startsWith(name.slice(0, -1)) : answer.queue === name).toBe(
          true,
        );
      }),
    );
  });

  it('who is woken would be woken for more messages, too', () => {
    fc.assert(
      fc.property(registrations, readings, fc.integer({ min: 1, max: 5 }), (registration, found, more) => {
        fc.pre(isDue(registration, asReading(found), NOW));
        const deeper = found.map((one) => ({
          ...one,
          facts: { ...one.facts, depth: one.facts.depth + more },
        }));
        expect(isDue(registration, asReading(deeper), NOW)).toBe(true);
      }),
    );
  });

  it('an age alone wakes exactly when some message is known to be as old', () => {
    const rules: When = { oldest_message_age_at_least: 'PT5M' };
    fc.assert(
      fc.property(fc.constantFrom('A', 'A*'), readings, (name, found) => {
        const isOld = found.some(
          ({ queue: seen, facts }) =>
            (name.endsWith('*') ? seen.startsWith('A') : seen === name) &&
            facts.depth >= 1 &&
            facts.oldestMessageAgeMs === 300_000 &&
            facts.getInhibited !== true,
        );
        expect(isDue(aRegistration({ queue: name, when: rules }), asReading(found), NOW)).toBe(isOld);
      }),
    );
  });
});
