import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurnEnd } from './at-turn-end.ts';

describe('the end of a turn', () => {
  it('is when all is done that came in that turn, in order, and once', async () => {
    const atTurnEnd = createTurnEnd();
    const done: string[] = [];
    atTurnEnd(() => done.push('a'));
    await Promise.resolve();
    atTurnEnd(() => done.push('b'));
    expect(done).toEqual([]);
    await turn();
    expect(done).toEqual(['a', 'b']);
    await turn();
    expect(done).toEqual(['a', 'b']);
  });

  it('leaves what comes while it is done to the next one', async () => {
    const atTurnEnd = createTurnEnd();
    const done: string[] = [];
    atTurnEnd(() => {
      done.push('first');
      atTurnEnd(() => done.push('second'));
    });
    await turn();
    expect(done).toEqual(['first']);
    await turn();
    expect(done).toEqual(['first', 'second']);
  });
});
