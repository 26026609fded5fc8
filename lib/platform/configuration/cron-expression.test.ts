import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronExpression } from './cron-expression.ts';

describe('cronExpression', () => {
  it.each([
    ['* * * * *', '* * * * *'],
    ['*/5 * * * *', '*/5 * * * *'],
    ['  0   9-17  * *\tmon-fri ', '0 9-17 * * mon-fri'],
    ['0,15,30-45/5 0 1,31 JAN,feb-Dec 0,6', '0,15,30-45/5 0 1,31 JAN,feb-Dec 0,6'],
    ['*/10 * * * * *', '*/10 * * * * *'],
    ['59 59 23 31 12 SAT', '59 59 23 31 12 SAT'],
    ['00 05 * * *', '00 05 * * *'],
  ])('takes %j', (text, value) => {
    expect(cronExpression(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['* * * *', 'has 4 fields'],
    ['5', 'has 1 field'],
    ['* * * * * * *', 'has 7 fields'],
    ['@hourly', 'has 1 field'],
    ['60 * * * *', 'has "60" as its minutes'],
    ['* 24 * * *', 'has "24" as its hours'],
    ['* * 0 * *', 'has "0" as its day of the month'],
    ['* * 32 * *', 'has "32" as its day of the month'],
    ['* * * 13 *', 'has "13" as its month'],
    ['* * * 0 *', 'has "0" as its month'],
    ['* * * * 7', 'has "7" as its day of the week'],
    ['* * * mon *', 'has "mon" as its month'],
    ['60 * * * * *', 'has "60" as its seconds'],
    ['*/0 * * * *', 'has "*/0" as its minutes'],
    ['*/60 * * * *', 'has "*/60" as its minutes'],
    ['5/10 * * * *', 'has "5/10" as its minutes'],
    ['5-1 * * * *', 'has "5-1" as its minutes'],
    ['1- * * * *', 'has "1-" as its minutes'],
    ['1,,2 * * * *', 'has "1,,2" as its minutes'],
    [', * * * *', 'has "," as its minutes'],
    ['* * ? * *', 'has "?" as its day of the month'],
    ['* * L * *', 'has "L" as its day of the month'],
    ['* * * * 5#2', 'has "5#2" as its day of the week'],
    ['-5 * * * *', 'has "-5" as its minutes'],
    ['*5 * * * *', 'has "*5" as its minutes'],
    ['1.5 * * * *', 'has "1.5" as its minutes'],
    ['1-5-9 * * * *', 'has "1-5-9" as its minutes'],
    ['*/5/5 * * * *', 'has "*/5/5" as its minutes'],
  ])('refuses %j: %s', (text, given) => {
    expect(cronExpression(text)).toMatchObject({ ok: false, given });
  });

  it('takes nothing that the local scheduler refuses', () => {
    const number = fc.nat(62);
    const entry = fc.oneof(
      fc.constantFrom('*', 'mon', 'DEC', 'sun-tue', 'jan-mar/2'),
      fc.tuple(number).map(([n]) => `${n}`),
      fc.tuple(number, number).map(([n, m]) => `${n}-${m}`),
      fc.tuple(number, number, number).map(([n, m, step]) => `${n}-${m}/${step}`),
      fc.tuple(number).map(([step]) => `*/${step}`),
      fc.tuple(number, number).map(([n, step]) => `${n}/${step}`),
    );
    const field = fc.array(entry, { minLength: 1, maxLength: 2 }).map((entries) => entries.join(','));
    const fields = fc
      .tuple(fc.integer({ min: 5, max: 6 }), fc.nat(5), field)
      .map(([count, at, odd]) => Array.from({ length: count }, (_, index) => (index === at ? odd : '*')));
    const taken: string[] = [];
    fc.assert(
      fc.property(fields, (given) => {
        const parsed = cronExpression(given.join(' '));
        if (parsed.ok) taken.push(parsed.value);
      }),
      { numRuns: 3_000 },
    );
    expect(taken.length).toBeGreaterThan(100);
    expect(taken.filter((expression) => !isScheduled(expression))).toEqual([]);
    expect(isScheduled('60 * * * *')).toBe(false);
  });
});

function isScheduled(expression: string): boolean {
  try {
    new Cron(expression, { paused: true }).stop();
    return true;
  } catch {
    return false;
  }
}
