import { describe, expect, it } from 'vitest';
import { createBodyBudget } from './body-budget.ts';

describe('the budget of bodies', () => {
  it('is shared by all requests, up to the last byte', () => {
    const budget = createBodyBudget(10);
    const [one, other] = [budget.open(), budget.open()];
    expect([one.take(6), other.take(4), other.take(1)]).toEqual([true, true, false]);
    expect([budget.hasRoomFor(0), budget.hasRoomFor(1)]).toEqual([true, false]);
  });

  it('gets back what a request took, once, and nothing for what was refused', () => {
    const budget = createBodyBudget(10);
    const [one, other] = [budget.open(), budget.open()];
    one.take(8);
    other.take(5);
    one.giveBack();
    one.giveBack();
    other.giveBack();
    expect([budget.hasRoomFor(10), budget.hasRoomFor(11)]).toEqual([true, false]);
  });
});
