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

describe('known answers', () => {
  it('give a success again, until its time is over', async () => {
    const { answers, succeed, passMs } = setUp();
    expect(await answers.once('a', succeed)).toEqual({ kind: 'succeeded', data: 1 });
    passMs(999);
    expect(await answers.once('a', succeed)).toEqual({ kind: 'succeeded', data: 1 });
    passMs(1);
    expect(await answers.once('a', succeed)).toEqual({ kind: 'succeeded', data: 2 });
  });

  it('join a repetition to what still runs', async () => {
    const { answers, succeed } = setUp();
    const [first, second] = await Promise.all([answers.once('a', succeed), answers.once('a', succeed)]);
    expect([first, second]).toEqual([
      { kind: 'succeeded', data: 1 },
      { kind: 'succeeded', data: 1 },
    ]);
  });

  it('forget a failure, so that a retry runs again', async () => {
    const { answers, succeed, fail } = setUp();
    expect(await answers.once('a', fail)).toMatchObject({ message: 'run 1' });
    expect(await answers.once('a', succeed)).toMatchObject({ data: 2 });
  });

  it('are bounded: the oldest goes first', async () => {
    const { answers, succeed } = setUp();
    for (const key of ['a', 'b', 'c', 'd']) await answers.once(key, succeed);
    expect(await answers.once('d', succeed)).toMatchObject({ data: 4 });
    expect(await answers.once('a', succeed)).toMatchObject({ data: 5 });
  });
});
