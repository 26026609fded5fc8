import { describe, expect, it } from 'vitest';
import { testStore } from '../../test/support/test-store.ts';

/** Stores a report for each list of decisions, as so many cycles do. */
async function after(...runs: readonly (readonly number[])[]) {
  const store = testStore();
  for (const [index, decisions] of runs.entries()) {
    const answer = await store.leases.take('notify', 60_000, undefined);
    if (answer.kind !== 'taken') throw new Error('the lease was not free');
    const next = { report: { index, decisions }, memory: {}, counted: { cycles: 1 } };
    await store.reports.write('notify', answer.lease, next);
    await store.reports.write('notify', answer.lease, next);
    await answer.lease.release({ forgetEvent: false, fencedOff: true });
  }
  return store.reports.read('notify');
}

const list = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

describe('the reports of a cycle', () => {
  it('are the last one and those before it, newest first, however often they are written', async () => {
    const { report, recent, counters } = await after([1], [2], [3]);
    expect([report, ...recent]).toEqual([
      { index: 2, decisions: [3] },
      { index: 1, decisions: [2] },
      { index: 0, decisions: [1] },
    ]);
    expect(counters).toEqual({ cycles: 3 });
  });

  it('are kept up to so many characters in all, the last one however long it is', async () => {
    const { recent } = await after(list(80_000), list(80_000), list(80_000));
    expect(recent).toMatchObject([{ index: 1 }]);
    expect((await after(list(1), list(200_000))).recent).toEqual([]);
  });

  it('are 50 and the last one at most', async () => {
    const { report, recent } = await after(...list(60).map((number) => [number]));
    expect(report).toMatchObject({ index: 59 });
    expect(recent).toHaveLength(50);
    expect(recent.at(-1)).toMatchObject({ index: 9 });
  });
});
