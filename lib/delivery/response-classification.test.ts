import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, parseRetryAfter, type MadeAttempt } from './response-classification.ts';

const NOW = Date.parse('2026-11-21T21:31:00Z');
const answered = (status: number, retryAfter?: string): MadeAttempt => ({
  kind: 'answered',
  status,
  retryAfter,
});

const TABLE = {
  success: [200, 201, 202, 203, 204, 205, 206, 207, 226, 299],
  retry: [404, 408, 409, 425, 429, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599],
  retire: [410],
  fail: [
    ...[300, 301, 302, 303, 304, 305, 307, 308, 399],
    ...[
      400, 401, 402, 403, 405, 406, 407, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 426, 428, 431,
      451, 499,
    ],
    ...[0, 100, 101, 199, 600, 999],
  ],
} as const;

describe('an answer', () => {
  it.each(
    Object.entries(TABLE).flatMap(([kind, statuses]) => statuses.map((status) => [status, kind] as const)),
  )('of %i means %s', (status, kind) => {
    const verdict = classify(answered(status), NOW);
    expect(verdict.kind).toBe(kind);
    expect(verdict.reason).toContain(String(status));
  });

  it('is judged whatever its status', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.option(fc.string(), { nil: undefined }),
        (status, retryAfter) => {
          const verdict = classify(answered(status, retryAfter), NOW);
          expect(verdict.kind === 'success').toBe(status >= 200 && status <= 299);
          expect(verdict.kind === 'retire').toBe(status === 410);
        },
      ),
    );
  });

  it.each([
    [299, false],
    [300, true],
    [399, true],
    [400, false],
  ])('of %i is called a redirect: %s', (status, isRedirect) => {
    const { reason } = classify(answered(status), NOW);
    expect(reason.includes('redirects are not followed')).toBe(isRedirect);
  });

  it('says when to come back with 429 and 503, and with nothing else', () => {
    for (const status of [429, 503]) expect(classify(answered(status, '7'), NOW).retryAfterMs).toBe(7000);
    for (const status of [200, 301, 404, 408, 410, 500, 502, 504])
      expect(classify(answered(status, '7'), NOW)).not.toHaveProperty('retryAfterMs');
  });
});

describe('no answer', () => {
  it.each(['dns', 'connect', 'tls', 'timeout', 'reset', 'protocol'] as const)(
    'because of %s may pass',
    (code) => {
      const verdict = classify({ kind: 'no-answer', code, message: 'why' }, NOW);
      expect(verdict).toEqual({ kind: 'retry', reason: `${code}: why` });
    },
  );

  it('because the address is forbidden does not', () => {
    const verdict = classify({ kind: 'no-answer', code: 'blocked', message: 'why' }, NOW);
    expect(verdict).toEqual({ kind: 'fail', reason: 'blocked: why' });
  });

  it('because this target cannot be woken at all does not', () => {
    expect(classify({ kind: 'impossible', message: 'why' }, NOW)).toEqual({ kind: 'fail', reason: 'why' });
    expect(classify({ kind: 'refused', message: 'why', mayPass: false }, NOW)).toEqual({
      kind: 'fail',
      reason: 'why',
    });
  });

  it('a refusal that may pass is tried again, after the time that it names', () => {
    const refused = { kind: 'refused', message: 'busy', mayPass: true } as const;
    expect(classify(refused, NOW)).toEqual({ kind: 'retry', reason: 'busy' });
    expect(classify({ ...refused, retryAfterMs: 9_000 }, NOW)).toMatchObject({ retryAfterMs: 9_000 });
    expect(classify({ ...refused, retryAfterMs: 1e12 }, NOW)).toMatchObject({ retryAfterMs: 86_400_000 });
  });

  it('consent without a status is a success', () => {
    expect(classify({ kind: 'accepted', run: 'r' }, NOW)).toEqual({ kind: 'success', reason: 'accepted' });
  });
});

const DAY_MS = 86_400_000;

describe('Retry-After', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['007', 7_000],
    ['86400', DAY_MS],
    ['86401', DAY_MS],
    ['9'.repeat(400), DAY_MS],
    ['Sat, 21 Nov 2026 21:31:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 21:30:30 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', DAY_MS],
    ['Saturday, 21-Nov-26 21:31:30 GMT', 30_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Sat Nov 21 21:31:30 2026', 30_000],
    ['Sun Nov  6 08:49:37 1994', 0],
  ])('%j is %i ms', (text, ms) => {
    expect(parseRetryAfter(text, NOW)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    'Mon',
    'Mon 5',
    'Tue, 7',
    '5 seconds',
    '5,6',
    '٣',
    'Sat, 21 Nov 2026 21:31:30',
    'Sat, 21 Nov 2026 21:31:30 +0900',
    'Sat, 21 Nov 2026 21:31:30 UTC',
    '2026-11-21T21:31:30Z',
    'Sat, 99 Nov 2026 21:31:30 GMT',
    'Sat, 21 Foo 2026 21:31:30 GMT',
    'Sat, 21 Nov 2026 25:31:30 GMT',
    'Sat, 21 Nov 2026 21:31:30 GMT; x',
  ])('%j is not understood, and so counts for nothing', (text) => {
    expect(parseRetryAfter(text, NOW)).toBeUndefined();
  });

  it('does not depend on where the machine is', () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      expect(parseRetryAfter('Sat Nov 21 21:31:30 2026', NOW)).toBe(30_000);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('is never negative and never more than a day', () => {
    const dates = fc
      .date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('9999-01-01') })
      .map((date) => date.toUTCString());
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String), dates), (text) => {
        const ms = parseRetryAfter(text, NOW) ?? 0;
        expect(ms >= 0 && ms <= DAY_MS).toBe(true);
      }),
    );
  });
});
