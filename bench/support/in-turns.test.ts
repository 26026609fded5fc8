import { expect, it } from 'vitest';
import { inTurns } from './in-turns.ts';

it('does not count the first round, and takes every other one backwards', async () => {
  const order: string[] = [];
  const way = (name: string) => async () => order.push(name);
  const values = await inTurns(3, { a: way('a'), b: way('b') });
  expect(order.join('')).toBe('ababbaab');
  expect(values).toEqual({ a: [3, 6, 7], b: [4, 5, 8] });
});
