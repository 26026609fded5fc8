import { describe, expect, it } from 'vitest';
import { aWakeUp } from '../../../test/support/wake-ups.ts';
import type { Channel } from '../channel.ts';
import { lazyChannel } from './lazy-channel.ts';

const LIMITS = { timeoutMs: 1, signal: new AbortController().signal };

describe('a channel that is loaded late', () => {
  it('is loaded once, at the first attempt, by whoever comes first', async () => {
    let [loads, ended] = [0, 0];
    const inner: Channel = {
      attempt: async () => ({ kind: 'answered', status: 204 }),
      endCycle: async () => void (ended += 1),
    };
    const channel = lazyChannel(async () => {
      loads += 1;
      return inner;
    });
    await channel.endCycle?.();
    expect([loads, ended]).toEqual([0, 0]);
    const results = await Promise.all([1, 2, 3].map(() => channel.attempt(aWakeUp(), LIMITS)));
    expect(results).toEqual(results.map(() => ({ kind: 'answered', status: 204 })));
    await channel.endCycle?.();
    expect([loads, ended]).toEqual([1, 1]);
  });

  it('is loaded again when that failed', async () => {
    let loads = 0;
    const channel = lazyChannel(async () => {
      loads += 1;
      if (loads === 1) throw new Error('not now');
      return { attempt: async () => ({ kind: 'answered', status: 204 }) };
    });
    await expect(channel.attempt(aWakeUp(), LIMITS)).rejects.toThrow('not now');
    await channel.endCycle?.();
    expect(await channel.attempt(aWakeUp(), LIMITS)).toMatchObject({ status: 204 });
  });
});
