import { describe, expect, it } from 'vitest';
import { createLimit } from './limit.ts';

describe('a limit', () => {
  it('lets so much go on at once, in the order in which it came, whether it ends well or not', async () => {
    const limit = createLimit(2);
    let [active, peak] = [0, 0];
    const begun: number[] = [];
    const work = (index: number) => async (): Promise<number> => {
      begun.push(index);
      peak = Math.max(peak, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
      if (index % 3 === 0) throw new Error('fails');
      return index;
    };
    const all = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => limit(work(index))));
    expect(all.map(({ status }) => status === 'fulfilled')).toEqual(
      Array.from({ length: 9 }, (_, index) => index % 3 !== 0),
    );
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(peak).toBe(2);
    expect(await limit(async () => 'and again')).toBe('and again');
  });
});
