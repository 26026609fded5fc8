import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../lib/platform/clock.ts';
import { refuse, type HandlerResult } from './handler-result.ts';
import { createKnownAnswers } from './known-answers.ts';

function setUp() {
  let nowMs = 0;
  let runs = 0;
  const clock: Clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
  const answers = createKnownAnswers({ clock, keepMs: 1_000, answersMax: 2 });
  const succeed = (): Promise<HandlerResult> => Promise.resolve({ kind: 'succeeded', data: ++runs });
  const fail = (): Promise<HandlerResult> => Promise.resolve(refuse(500, `run ${++runs}`));
  return { answers, succeed, fail, passMs: (ms: number) => (nowMs += ms) };
}

const ask = (key: string, untilMs = Number.POSITIVE_INFINITY) => ({ key, untilMs });

describe('known answers', () => {
  it('give a success again, until its time is over', async () => {
    const { answers, succeed, passMs } = setUp();
    expect(await answers.once(ask('a'), succeed)).toEqual({ kind: 'succeeded', data: 1 });
    passMs(999);
    expect(await answers.once(ask('a'), succeed)).toEqual({ kind: 'succeeded', data: 1 });
    passMs(1);
    expect(await answers.once(ask('a'), succeed)).toEqual({ kind: 'succeeded', data: 2 });
  });

  it('join a repetition to what still runs', async () => {
    const { answers, succeed } = setUp();
    const [first, second] = await Promise.all([
      answers.once(ask('a'), succeed),
      answers.once(ask('a'), succeed),
    ]);
    expect([first, second]).toEqual([
      { kind: 'succeeded', data: 1 },
      { kind: 'succeeded', data: 1 },
    ]);
  });

  it('forget a failure, so that a retry runs again', async () => {
    const { answers, succeed, fail } = setUp();
    expect(await answers.once(ask('a'), fail)).toMatchObject({ message: 'run 1' });
    expect(await answers.once(ask('a'), succeed)).toMatchObject({ data: 2 });
  });

  it('are bounded: the oldest goes first', async () => {
    const { answers, succeed } = setUp();
    for (const key of ['a', 'b', 'c', 'd']) await answers.once(ask(key), succeed);
    expect(await answers.once(ask('d'), succeed)).toMatchObject({ data: 4 });
    expect(await answers.once(ask('a'), succeed)).toMatchObject({ data: 5 });
  });

  it('let work know whether anybody still waits for it', async () => {
    const { answers, passMs } = setUp();
    const waited: boolean[] = [];
    const done = answers.once(ask('a', 100), async (isWaitedFor) => {
      waited.push(isWaitedFor());
      passMs(99);
      waited.push(isWaitedFor());
      passMs(1);
      waited.push(isWaitedFor());
      return refuse(504, 'late');
    });
    expect(await done).toMatchObject({ code: 504 });
    expect(waited).toEqual([true, true, false]);
  });

  it('take who repeats a request for one who waits', async () => {
    const { answers, passMs } = setUp();
    let begin = (): void => undefined;
    const turn = new Promise<void>((resolve) => (begin = resolve));
    const first = answers.once(ask('a', 100), async (isWaitedFor) => {
      await turn;
      return { kind: 'succeeded', data: isWaitedFor() };
    });
    passMs(50);
    const second = answers.once(ask('a', 150), () => Promise.reject(new Error('twice')));
    const hasty = answers.once(ask('a', 60), () => Promise.reject(new Error('twice')));
    passMs(51);
    begin();
    const expected = { kind: 'succeeded', data: true };
    expect(await Promise.all([first, second, hasty])).toEqual([expected, expected, expected]);
  });
});
