import { describe, expect, it } from 'vitest';
import { coversSubject, isSubject, isSubjectPattern } from './subject-pattern.ts';

describe('a subject pattern', () => {
  it.each([
    ['orders.wake', 'orders.wake', true],
    ['orders.wake', 'orders.wake.eu', false],
    ['orders.*', 'orders.wake', true],
    ['orders.*', 'orders.wake.eu', false],
    ['orders.*', 'orders', false],
    ['*.wake', 'orders.wake', true],
    ['orders.>', 'orders.wake.eu', true],
    ['orders.>', 'orders', false],
    ['>', 'orders', true],
    ['orders.>', 'ordersx.wake', false],
  ])('%s and %s: %s', (pattern, subject, isCovered) => {
    expect(coversSubject(pattern, subject)).toBe(isCovered);
  });

  it.each(['a', 'a.b', 'a-b_c.$d', '$SYS.x'])('%s is a subject and a pattern', (text) => {
    expect([isSubject(text), isSubjectPattern(text)]).toEqual([true, true]);
  });

  it.each(['*', '>', 'a.*', 'a.*.c', 'a.>'])('%s is a pattern, not a subject', (text) => {
    expect([isSubject(text), isSubjectPattern(text)]).toEqual([false, true]);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a b', 'a.>.b', 'a*', 'a>', 'a\r\nPUB x', 'a'.repeat(257)])(
    '%j is neither',
    (text) => {
      expect([isSubject(text), isSubjectPattern(text)]).toEqual([false, false]);
    },
  );
});
