import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';

describe('a retry budget', () => {
  it('always has its floor', () => {
    const budget = createRetryBudget();
    const granted = Array.from({ length: 30 }, () => budget.withdraw('a')).filter(Boolean);
    expect(granted).toHaveLength(10);
  });

  it('grows by a fifth of the first attempts', () => {
    const budget = createRetryBudget();
    for (let index = 0; index < 100; index++) budget.deposit('a');
    const granted = Array.from({ length: 100 }, () => budget.withdraw('a')).filter(Boolean);
    expect(granted).toHaveLength(30);
  });

  it('gives no host the share of another', () => {
    const budget = createRetryBudget();
    for (let index = 0; index < 100; index++) budget.deposit('healthy');
    const granted = Array.from({ length: 100 }, () => budget.withdraw('broken')).filter(Boolean);
    expect(granted).toHaveLength(10);
  });

  it('is never overdrawn, in whatever order', () => {
    const step = fc.record({ host: fc.constantFrom('a', 'b', 'c'), deposit: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const budget = createRetryBudget();
        let firsts = 0;
        let retries = 0;
        for (const { host, deposit } of steps) {
          if (deposit) {
            budget.deposit(host);
            firsts += 1;
          } else if (budget.withdraw(host)) retries += 1;
          expect(retries).toBeLessThanOrEqual(Math.ceil(10 + 0.2 * firsts));
        }
      }),
    );
  });
});
