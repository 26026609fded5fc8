import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asRegistrationId } from '../registration/registration.ts';
import {
  afterWakeUp,
  encodeStandstills,
  heldBackUntilMs,
  parseStandstills,
  stillStanding,
  subjectOf,
  type Standstill,
} from './progress.ts';

const MIDNIGHT = Date.parse('2026-01-01T00:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const HELD: Standstill = {
  subject: 's',
  depth: 5,
  wakeUps: 12,
  wokenAtMs: MIDNIGHT,
  oldestPutAtMs: 0,
  rising: false,
};

/**
 * Looks at a queue every minute of a day, as the notify cycle does. `depthAt` is told the minute and the minute of the
 * last wake-up. Gives the minutes of the wake-ups.
 */
function wakeUpsOf(
  depthAt: (minute: number, wokenAt: number | undefined) => number,
  ageAt: (minute: number) => number | undefined = () => undefined,
): readonly number[] {
  const woken: number[] = [];
  let before: Standstill | undefined;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const nowMs = MIDNIGHT + minute * MINUTE_MS;
    const depth = depthAt(minute, woken.at(-1));
    const sight = { subject: 's', depth, oldestMessageAgeMs: ageAt(minute) };
    const standing = depth < 1 ? undefined : stillStanding(before, sight, nowMs);
    const isDue = depth >= 1 && heldBackUntilMs(standing, nowMs) === undefined;
    before = isDue ? afterWakeUp(standing, sight, nowMs) : standing;
    if (isDue) woken.push(minute);
  }
  return woken;
}

const gapsOf = (minutes: readonly number[]): readonly number[] =>
  minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0));

describe('over a day, the wake-ups', () => {
  it('for a queue that never moves come further and further apart, up to an hour', () => {
    const gaps = gapsOf(wakeUpsOf(() => 3));
    expect(gaps.slice(0, 18)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(new Set(gaps.slice(15))).toEqual(new Set([60]));
  });

  it('for a queue that only grows do so as well, but not so far: somebody may work on it and not keep up', () => {
    const gaps = gapsOf(wakeUpsOf((minute) => 1 + minute));
    expect(Math.max(...gaps)).toBe(5);
    expect(gaps.slice(15)).toEqual(gaps.slice(15).map(() => 5));
  });

  it('are all made for a queue that only grows where its oldest message is another one each time', () => {
    expect(
      wakeUpsOf(
        (minute) => 1 + minute,
        () => 10 * MINUTE_MS,
      ),
    ).toHaveLength(DAY_MINUTES);
  });

  it('come an hour apart for a queue that only grows behind a message that stays', () => {
    const gaps = gapsOf(
      wakeUpsOf(
        (minute) => 1 + minute,
        (minute) => minute * MINUTE_MS,
      ),
    );
    expect(gaps.at(-1)).toBe(60);
  });

  it('come every minute again as soon as the depth falls', () => {
    const woken = wakeUpsOf((minute) => (minute < 700 ? 3 : 2));
    expect(gapsOf(woken.filter((minute) => minute < 700)).at(-1)).toBe(60);
    expect(woken.filter((minute) => minute >= 700).slice(0, 10)).toEqual([
      700, 701, 702, 703, 704, 705, 706, 707, 708, 709,
    ]);
  });

  it('are never held back while the depth falls now and then', () => {
    expect(wakeUpsOf((minute) => 100 + (minute % 9))).toHaveLength(DAY_MINUTES);
  });

  it('are hardly fewer for a queue that is emptied each time and filled again at the same rate', () => {
    const gaps = gapsOf(wakeUpsOf((minute, wokenAt) => minute - (wokenAt ?? -1)));
    expect(Math.max(...gaps)).toBe(2);
    expect(gaps.filter((gap) => gap > 1).length).toBeLessThan(DAY_MINUTES / 10);
  });
});

describe('a standstill', () => {
  const sight = { subject: 's', depth: 5, oldestMessageAgeMs: undefined };

  it('goes on at the same depth and at a higher one, and ends at a lower one', () => {
    const at = (depth: number): unknown => stillStanding(HELD, { ...sight, depth }, MIDNIGHT);
    expect([at(6), at(5), at(4)]).toEqual([HELD, HELD, undefined]);
  });

  it('ends when all messages are younger than the last wake-up', () => {
    const withAge = (oldestMessageAgeMs: number): unknown =>
      stillStanding(HELD, { ...sight, oldestMessageAgeMs }, MIDNIGHT + 30_000);
    expect([withAge(29_999), withAge(30_000)]).toEqual([undefined, HELD]);
  });

  it('ends when the oldest message is another one than at the last wake-up', () => {
    const known = { ...HELD, oldestPutAtMs: MIDNIGHT - 600_000 };
    const withAge = (oldestMessageAgeMs: number): unknown =>
      stillStanding(known, { ...sight, oldestMessageAgeMs }, MIDNIGHT + 30_000);
    expect([withAge(630_000), withAge(626_000), withAge(600_000)]).toEqual([known, known, undefined]);
  });

  it('is about one revision, and for a pattern about one queue', () => {
    const aRecord = (queue: string, revision: string): Parameters<typeof subjectOf>[0] => ({
      ...{ format: 1, id: asRegistrationId('x'), qmgr: 'QM1', notify: 'job', lastUpdatedMs: 0 },
      ...{ queue, revision },
    });
    const subjects = [
      subjectOf(aRecord('A', '00000000-0000-4000-8000-000000000001'), 'A'),
      subjectOf(aRecord('A', '00000000-0000-4000-8000-000000000002'), 'A'),
      subjectOf(aRecord('A*', '00000000-0000-4000-8000-000000000001'), 'A'),
      subjectOf(aRecord('A*', '00000000-0000-4000-8000-000000000001'), 'AB'),
    ];
    expect(new Set(subjects).size).toBe(4);
    expect(stillStanding(HELD, { ...sight, subject: 'other' }, MIDNIGHT)).toBeUndefined();
  });

  it('holds back for an hour at most, and not at all when the clock was put back', () => {
    const anyCount = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(anyCount, anyCount, (wakeUps, wokenAtMs) => {
        const untilMs = heldBackUntilMs({ ...HELD, wakeUps, wokenAtMs }, MIDNIGHT);
        if (untilMs === undefined) return;
        expect(wokenAtMs).toBeLessThanOrEqual(MIDNIGHT);
        expect(untilMs).toBeGreaterThan(MIDNIGHT);
        expect(untilMs - wokenAtMs).toBeLessThanOrEqual(3_600_000);
      }),
    );
    expect(heldBackUntilMs({ ...HELD, wokenAtMs: MIDNIGHT + 1 }, MIDNIGHT)).toBeUndefined();
  });
});

describe('what is stored of standstills', () => {
  const standstills = fc.uniqueArray(
    fc.record({
      id: fc.string(),
      subject: fc.string(),
      depth: fc.integer({ min: 1 }),
      wakeUps: fc.integer({ min: 1 }),
      wokenAtMs: fc.integer({ min: 1 }),
      oldestPutAtMs: fc.nat(),
      rising: fc.boolean(),
    }),
    { selector: ({ id }) => id },
  );

  it('is read back as it was', () => {
    fc.assert(
      fc.property(standstills, (all) => {
        const known = new Map(all.map(({ id, ...standstill }) => [id, standstill]));
        const stored = JSON.stringify(encodeStandstills(known, Math.random));
        expect(parseStandstills(JSON.parse(stored))).toEqual(known);
      }),
    );
  });

  it('is 10,000 entries at most, those with the most wake-ups', () => {
    const many = Array.from(
      { length: 10_001 },
      (_, index) => [`id${index}`, { ...HELD, wakeUps: index + 1 }] as const,
    );
    const stored = encodeStandstills(new Map(many), Math.random);
    expect(stored).toHaveLength(10_000);
    expect(stored[0]).toEqual(['id10000', 's', 5, 10_001, MIDNIGHT, 0, 0]);
    expect(parseStandstills(stored).has('id0')).toBe(false);
    expect(parseStandstills([...stored, ['one more', 's', 5, 1, MIDNIGHT, 0, 0]]).size).toBe(10_000);
  });

  it.each([
    undefined,
    null,
    'x',
    {},
    [null],
    [['a', 's', 1, 1, 1, 0]],
    [['a', 's', 1, 1, 1, 0, 0, 1]],
    [['a', 's', 0, 1, 1, 0, 0]],
    [['a', 's', 1, -1, 1, 0, 0]],
    [['a', 's', 1, 1.5, 1, 0, 0]],
    [['a', 's', '1', 1, 1, 0, 0]],
    [['a', 5, 1, 1, 1, 0, 0]],
    [[5, 's', 1, 1, 1, 0, 0]],
    [['a', 's', 1, 1, 1e300, 0, 0]],
    [['a', 's', 1, 1, 1, -1, 0]],
  ])('counts for nothing when it is %j', (stored) => {
    expect(parseStandstills(stored)).toEqual(new Map());
  });

  it('is read in part when part of it is wrong', () => {
    expect(parseStandstills([7, ['a', 's', 5, 12, MIDNIGHT, 0, 0]])).toEqual(new Map([['a', HELD]]));
  });

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        expect(parseStandstills(stored)).toBeInstanceOf(Map);
      }),
    );
  });
});
