import { describe, expect, it } from 'vitest';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { encodeMemory, NOTHING_REMEMBERED, parseMemory, type Remembered } from './notify-memory.ts';
import type { Decision } from './report.ts';

const MAX = 4;
const COUNT = 12;
const SERVED = 2;

describe('what is remembered of who had to wait', () => {
  it('lets nobody starve although fewer are remembered than wait', () => {
    const { fraction } = seededRandomness(7);
    let remembered: Remembered = NOTHING_REMEMBERED;
    const ids = Array.from({ length: COUNT }, (_, index) => String(index));
    const untriedFor = new Map(ids.map((id) => [id, 0]));
    let longest = 0;
    for (let run = 0; run < 500; run++) {
      const waited = (id: string): number => remembered.deferrals.get(id) ?? 0;
      const inTurn = ids.toSorted((a, b) => waited(b) - waited(a));
      const decisions: Decision[] = inTurn.map((id, place) => ({
        id,
        reason: place < SERVED ? 'woken' : 'deferred',
      }));
      for (const { id, reason } of decisions)
        untriedFor.set(id, reason === 'woken' ? 0 : (untriedFor.get(id) ?? 0) + 1);
      longest = Math.max(longest, ...untriedFor.values());
      remembered = parseMemory(encodeMemory(decisions, remembered, new Map(), fraction, MAX));
      expect(remembered.deferrals.size).toBe(MAX);
    }
    expect(longest).toBeLessThan(50);
  });
});
