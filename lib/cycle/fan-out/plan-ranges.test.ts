import { describe, expect, it } from 'vitest';
import { parseLoad, planRanges, type Capacity, type Load } from './plan-ranges.ts';

const CAPACITY: Capacity = { registrationsMax: 1_000, slots: 10, wakeMs: 10_000 };
const LOAD: Load = { registrations: 100, slotMs: 1_000, due: 100, deferred: 0 };

describe('into how many ranges a cycle is split', () => {
  it.each<[string, Partial<Load>, number]>([
    ['one, when it fits', {}, 1],
    ['one, when there was nothing to do', { slotMs: 0, due: 0 }, 1],
    ['two, for more registrations than one takes', { registrations: 1_001 }, 2],
    ['sixteen, for more than all ranges take', { registrations: 100_000 }, 16],
    ['two, when waking would fill one', { slotMs: 71_000 }, 2],
    ['eight, when much of it was deferred', { slotMs: 70_000, due: 600, deferred: 500 }, 8],
    ['one, when hosts that hang filled no slots but their own', { slotMs: 9_000, due: 110, deferred: 60 }, 1],
    ['one, when nothing was begun at all', { slotMs: 0, due: 10, deferred: 10 }, 1],
  ])('%s', (_, load, count) => {
    expect(planRanges({ ...LOAD, ...load }, 1, CAPACITY)).toBe(count);
  });

  it('stays what it was while the load is between', () => {
    expect(planRanges({ ...LOAD, slotMs: 69_000 }, 1, CAPACITY)).toBe(1);
    expect(planRanges({ ...LOAD, slotMs: 69_000 }, 2, CAPACITY)).toBe(2);
    expect(planRanges({ ...LOAD, slotMs: 49_000 }, 2, CAPACITY)).toBe(1);
    expect(planRanges({ ...LOAD, slotMs: 120_000 }, 16, CAPACITY)).toBe(4);
  });

  it('does not go back and forth with the last registration that fits', () => {
    expect(planRanges({ ...LOAD, registrations: 1_000 }, 2, CAPACITY)).toBe(2);
    expect(planRanges({ ...LOAD, registrations: 900 }, 2, CAPACITY)).toBe(1);
  });

  it('begins with one when nothing is remembered, or nothing that can be understood', () => {
    for (const memory of [{}, { load: null }, { load: { ranges: 3, load: { registrations: 'x' } } }])
      expect(parseLoad(memory)).toMatchObject({ ranges: 1, load: { registrations: 0 } });
    const known = { load: LOAD, ranges: 4, heard: 'some' } as const;
    expect(parseLoad({ load: known })).toEqual(known);
  });
});
