import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DURATION_MS_MAX, formatDuration, parseDuration } from './duration.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('parseDuration', () => {
  it.each([
    ['PT15S', 15_000],
    ['PT10M', 10 * MINUTE_MS],
    ['PT36H', 36 * HOUR_MS],
    ['P2D', 2 * DAY_MS],
    ['P1W', 7 * DAY_MS],
    ['P1W2DT3H4M5S', 9 * DAY_MS + 3 * HOUR_MS + 4 * MINUTE_MS + 5_000],
    ['P1DT12H', 36 * HOUR_MS],
    ['PT0.5S', 500],
    ['PT0,25S', 250],
    ['PT0.0014S', 1],
    ['PT0.0006S', 1],
    ['PT1.999999999S', 2_000],
    ['PT0S', 0],
    ['P0D', 0],
    ['PT007S', 7_000],
    ['PT90S', 90_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, ms });
  });

  it.each([
    '',
    ' ',
    'P',
    'PT',
    'P1DT',
    'T5S',
    '5S',
    'PT5',
    'P5S',
    'P1Y',
    'P1M',
    'P1Y2M',
    'PT1.5M',
    'P0.5D',
    'PT.5S',
    'PT1.S',
    'PT0.1234567890S',
    'PT5S ',
    ' PT5S',
    'pt5s',
    '-PT5S',
    '+PT5S',
    'PT-5S',
    'PT5S5M',
    'P1D1W',
    'PT1M1M',
    'PT１S',
    `P${'9'.repeat(30)}D`,
    `PT${'0'.repeat(200)}1S`,
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toEqual({
      ok: false,
      expected: 'an ISO 8601 duration, such as PT15S or P1DT12H',
    });
  });

  it('keeps within its bounds, both included, and names them', () => {
    const bounds = { minMs: 1_000, maxMs: MINUTE_MS };
    expect(parseDuration('PT1S', bounds)).toEqual({ ok: true, ms: 1_000 });
    expect(parseDuration('PT60S', bounds)).toEqual({ ok: true, ms: MINUTE_MS });
    const refused = { ok: false, expected: 'an ISO 8601 duration from PT1S to PT1M' };
    expect(parseDuration('PT0.999S', bounds)).toEqual(refused);
    expect(parseDuration('PT60.001S', bounds)).toEqual(refused);
    expect(parseDuration('PT0.5S', { minMs: 1_000, maxMs: DURATION_MS_MAX })).toEqual({
      ok: false,
      expected: 'an ISO 8601 duration of at least PT1S, such as PT2S',
    });
  });

  it('refuses what a number cannot hold exactly', () => {
    expect(parseDuration('PT9007199254740.991S')).toEqual({ ok: true, ms: DURATION_MS_MAX });
    expect(parseDuration('PT9007199254740.992S').ok).toBe(false);
    expect(parseDuration('P104249991375D').ok).toBe(false);
  });

  it('answers for every text, without throwing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^P?[TWDHMSY0-9.,+ -]*$/), (text) => {
        const parsed = parseDuration(text);
        expect(!parsed.ok || Number.isSafeInteger(parsed.ms)).toBe(true);
      }),
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [0, 'PT0S'],
    [1, 'PT0.001S'],
    [500, 'PT0.5S'],
    [15_000, 'PT15S'],
    [MINUTE_MS, 'PT1M'],
    [90_000, 'PT1M30S'],
    [24 * HOUR_MS, 'P1D'],
    [7 * DAY_MS, 'P7D'],
    [DAY_MS + 1, 'P1DT0.001S'],
    [0.4, 'PT0S'],
    [1.6, 'PT0.002S'],
    [-1, 'PT0S'],
    [Number.NaN, 'PT0S'],
    [Number.POSITIVE_INFINITY, formatDuration(DURATION_MS_MAX)],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes what parseDuration reads back exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toEqual({ ok: true, ms });
      }),
      { examples: [[DURATION_MS_MAX], [DAY_MS - 1], [HOUR_MS]] },
    );
  });
});
