import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts';
import { attemptRepeatedly, type AttemptPolicy, type Outcome } from './attempts.ts';
import type { AttemptResult } from './channel.ts';

const OK: AttemptResult = { kind: 'answered', status: 204 };
const BUSY: AttemptResult = { kind: 'answered', status: 503 };
const busyFor = (retryAfter: string): AttemptResult => ({ kind: 'answered', status: 503, retryAfter });

interface Run {
  readonly outcome: Outcome;
  /** When each attempt was started, and the time it was given. */
  readonly attempts: readonly { readonly atMs: number; readonly timeoutMs: number }[];
}

/** Answers the attempts in turn, the last one for ever; an attempt waits for `waitedMs` and takes `tookMs`, or as long as its place in it says. */
async function run(
  answers: readonly AttemptResult[],
  given: Partial<AttemptPolicy> & {
    readonly roomMs?: number;
    readonly tookMs?: number | readonly number[];
    readonly waitedMs?: number;
    readonly fraction?: () => number;
    readonly clock?: VirtualClock;
    readonly stop?: AbortSignal;
    readonly mayRetry?: () => boolean;
    readonly isStillDue?: () => boolean;
  } = {},
): Promise<Run> {
  const clock = given.clock ?? createVirtualClock(0);
  const attempts: { atMs: number; timeoutMs: number }[] = [];
  const policy = {
    attemptsMax: given.attemptsMax ?? 3,
    timeoutMs: given.timeoutMs ?? 1_000,
    deadlineMs: clock.nowMs() + (given.roomMs ?? 60_000),
  };
  const random = { fraction: given.fraction ?? (() => 0.5), uuid: () => '' };
  const stop = given.stop ?? new AbortController().signal;
  const { timeoutMs, deadlineMs } = policy;
  const { tookMs = 0, waitedMs = 0 } = given;
  const attempt = async (begun: () => void): Promise<AttemptResult | 'no-time'> => {
    clock.advance(waitedMs);
    if (clock.nowMs() + timeoutMs > deadlineMs) return 'no-time';
    attempts.push({ atMs: clock.nowMs(), timeoutMs });
    begun();
    clock.advance(typeof tookMs === 'number' ? tookMs : (tookMs[attempts.length - 1] ?? 0));
    return answers[Math.min(attempts.length, answers.length) - 1] ?? OK;
  };
  const { mayRetry = () => true, isStillDue = () => true } = given;
  const outcome = await attemptRepeatedly({ clock, random, stop, attempt, mayRetry, isStillDue }, policy);
  return { outcome, attempts };
}

describe('a wake-up', () => {
  it('that succeeds at once is one attempt', async () => {
    expect((await run([OK])).outcome).toEqual({ kind: 'success', reason: 'status 204', attempts: 1 });
  });

  it('is tried again while it may help, and no more often than granted', async () => {
    expect((await run([BUSY, OK])).outcome).toEqual({ kind: 'success', reason: 'status 204', attempts: 2 });
    expect((await run([BUSY])).outcome).toEqual({ kind: 'fail', reason: 'status 503', attempts: 3 });
    expect((await run([BUSY], { attemptsMax: 1 })).outcome.attempts).toBe(1);
    expect((await run([BUSY], { attemptsMax: 10 })).outcome.attempts).toBe(10);
  });

  it.each<[AttemptResult, Outcome['kind']]>([
    [{ kind: 'answered', status: 400 }, 'fail'],
    [{ kind: 'answered', status: 302 }, 'fail'],
    [{ kind: 'answered', status: 410 }, 'retire'],
    [{ kind: 'no-answer', code: 'blocked', message: 'x' }, 'fail'],
    [{ kind: 'impossible', message: 'x' }, 'fail'],
  ])('that ends with %j is not repeated', async (answer, kind) => {
    expect((await run([answer])).outcome).toMatchObject({ kind, attempts: 1 });
  });

  it('gives every attempt its whole time', async () => {
    const { attempts } = await run([BUSY], { timeoutMs: 7_000, tookMs: 7_000 });
    expect(attempts.map(({ timeoutMs }) => timeoutMs)).toEqual([7_000, 7_000, 7_000]);
  });
});

describe('the pause between attempts', () => {
  const pauses = async (fraction: number): Promise<number[]> => {
    const { attempts } = await run([BUSY], { attemptsMax: 8, fraction: () => fraction });
    return attempts.slice(1).map(({ atMs }, index) => atMs - (attempts[index]?.atMs ?? 0));
  };

  it('doubles to a ceiling, with full jitter', async () => {
    expect(await pauses(1)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    expect(await pauses(0.5)).toEqual([250, 500, 1_000, 2_000, 2_500, 2_500, 2_500]);
    expect(await pauses(0)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('is never shorter than the target asked for', async () => {
    const { attempts } = await run([busyFor('3'), OK], { fraction: () => 0 });
    expect(attempts.map(({ atMs }) => atMs)).toEqual([0, 3_000]);
  });

  it('is not waited for when the target asked for more than a cycle has', async () => {
    const { outcome, attempts } = await run([busyFor('6'), OK]);
    expect(outcome).toEqual({ kind: 'postponed', reason: 'status 503', attempts: 1, notBeforeMs: 6_000 });
    expect(attempts).toHaveLength(1);
  });
});

describe('a retry', () => {
  it('is not made without the budget for it', async () => {
    const { outcome } = await run([BUSY], { attemptsMax: 5, mayRetry: () => false });
    expect(outcome).toEqual({
      kind: 'fail',
      reason: 'status 503; the retry budget is used up',
      attempts: 1,
    });
  });

  it('is cancelled when the queue is known to be empty by then', async () => {
    const { outcome, attempts } = await run([BUSY, OK], { isStillDue: () => false });
    expect(outcome).toMatchObject({ kind: 'cancelled', attempts: 1 });
    expect(attempts).toHaveLength(1);
  });

  it('tells whether it was time that ran out', async () => {
    const late: AttemptResult = { kind: 'no-answer', code: 'timeout', message: 'x' };
    expect((await run([late])).outcome).toMatchObject({ kind: 'fail', timedOut: true });
    expect((await run([late, BUSY, BUSY])).outcome).not.toHaveProperty('timedOut');
  });
});

describe('a target that keeps us waiting', () => {
  const SILENT: AttemptResult = { kind: 'no-answer', code: 'dns', message: 'x' };

  it.each([
    [SILENT, 2_000, true],
    [SILENT, 1_999, undefined],
    [{ kind: 'no-answer', code: 'connect', message: 'x' } as const, 2_000, true],
    // Whoever answers is no dead weight, however slow.
    [BUSY, 9_000, undefined],
  ])('%j after %i ms: timed out is %s', async (answer, tookMs, timedOut) => {
    expect((await run([answer], { tookMs })).outcome.timedOut).toBe(timedOut);
  });

  it('is known as that although the next attempts fail at once, until one is answered', async () => {
    expect((await run([SILENT], { tookMs: [6_000, 0, 0] })).outcome).toMatchObject({
      attempts: 3,
      timedOut: true,
    });
    expect((await run([SILENT, BUSY, SILENT], { tookMs: [6_000, 0, 0] })).outcome).not.toHaveProperty(
      'timedOut',
    );
  });

  it('is not one that waited long for its turn', async () => {
    expect((await run([SILENT], { waitedMs: 5_000 })).outcome).not.toHaveProperty('timedOut');
  });

  it('is timed from the start where there is no turn to wait for', async () => {
    const clock = createVirtualClock(0);
    const outcome = await attemptRepeatedly(
      {
        clock,
        random: { fraction: () => 0, uuid: () => '' },
        stop: new AbortController().signal,
        attempt: async () => {
          clock.advance(6_000);
          return SILENT;
        },
        mayRetry: () => false,
        isStillDue: () => true,
      },
      { attemptsMax: 1, timeoutMs: 10_000, deadlineMs: 60_000 },
    );
    expect(outcome).toMatchObject({ kind: 'fail', timedOut: true });
  });
});

describe('the deadline', () => {
  it.each([
    [1_000, 'success', 1],
    [999, 'unstarted', 0],
    [0, 'unstarted', 0],
    [-5, 'unstarted', 0],
  ])('with %i ms left to it for an attempt of 1,000: %s', async (roomMs, kind, count) => {
    const { outcome } = await run([OK], { roomMs });
    expect(outcome).toMatchObject({ kind, attempts: count });
  });

  it('ends the repetitions: what was tried and cannot be tried again in time has failed', async () => {
    const { outcome } = await run([BUSY], { roomMs: 2_249, tookMs: 1_000 });
    expect(outcome).toEqual({ kind: 'fail', reason: 'status 503', attempts: 1 });
    expect((await run([BUSY], { roomMs: 2_250, tookMs: 1_000 })).outcome.attempts).toBe(2);
  });

  it('is not waited for where nothing more can be tried before it', async () => {
    const clock = createVirtualClock(0);
    await run([BUSY], { clock, roomMs: 2_249, tookMs: 1_000 });
    expect(clock.nowMs()).toBe(1_000);
  });

  it('holds although a pause took longer than it should', async () => {
    const clock = createVirtualClock(0);
    const slow = { ...clock, sleep: (ms: number) => clock.sleep(ms + 5_000) };
    const { outcome, attempts } = await run([BUSY], { clock: slow, roomMs: 4_000 });
    expect(outcome).toEqual({ kind: 'fail', reason: 'status 503', attempts: 1 });
    expect(attempts).toHaveLength(1);
  });

  it('is never passed, whatever the target does', async () => {
    const answer = fc.constantFrom<AttemptResult>(BUSY, busyFor('1'), busyFor('4'), {
      kind: 'no-answer',
      code: 'timeout',
      message: '',
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 10 }),
        fc.record({
          attemptsMax: fc.integer({ min: 1, max: 10 }),
          timeoutMs: fc.integer({ min: 1, max: 30_000 }),
          roomMs: fc.integer({ min: -10, max: 60_000 }),
          seed: fc.double({ min: 0, max: 0.999, noNaN: true }),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          overshootMs: fc.nat(300),
        }),
        async (answers, { attemptsMax, timeoutMs, roomMs, seed, share, overshootMs }) => {
          const clock = createVirtualClock(0);
          const late = { ...clock, sleep: (ms: number) => clock.sleep(ms + overshootMs) };
          const tookMs = Math.floor(timeoutMs * share);
          const { outcome, attempts } = await run(answers, {
            attemptsMax,
            timeoutMs,
            roomMs,
            tookMs,
            fraction: () => seed,
            clock: late,
          });
          for (const { atMs, timeoutMs: given } of attempts) expect(atMs + given).toBeLessThanOrEqual(roomMs);
          expect(outcome.attempts).toBe(attempts.length);
          expect(attempts.length).toBeLessThanOrEqual(attemptsMax);
          expect(outcome.kind === 'unstarted').toBe(attempts.length === 0);
        },
      ),
    );
  });
});

describe('being told to stop', () => {
  const CALLED_OFF = { kind: 'unstarted', reason: 'called off: the function is being stopped' };

  it('starts nothing', async () => {
    expect((await run([OK], { stop: AbortSignal.abort() })).outcome).toEqual({ ...CALLED_OFF, attempts: 0 });
  });

  it('ends the pause between attempts, and the wake-up is no failure', async () => {
    const controller = new AbortController();
    const clock = createVirtualClock(0);
    const slept: (AbortSignal | undefined)[] = [];
    const stopping = {
      ...clock,
      sleep: async (_: number, signal?: AbortSignal) => {
        slept.push(signal);
        controller.abort();
      },
    };
    const { outcome } = await run([BUSY], { clock: stopping, stop: controller.signal });
    expect(outcome).toEqual({ ...CALLED_OFF, attempts: 1 });
    expect(slept).toEqual([controller.signal]);
  });

  it('in the middle of an attempt is no failure either', async () => {
    const aborted: AttemptResult = { kind: 'no-answer', code: 'aborted', message: 'x' };
    expect((await run([aborted])).outcome).toEqual({ ...CALLED_OFF, attempts: 1 });
  });
});
