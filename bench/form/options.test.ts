import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';

const parse = (line: string) =>
  parseOptions(
    line.split(' ').filter((word) => word !== ''),
    ['a', 'b'],
  );

it.each([
  ['', { only: [], quick: false, write: false }],
  ['--quick --only a,b', { only: ['a', 'b'], quick: true, write: false }],
  ['--only a --write --only b', { only: ['a', 'b'], quick: false, write: true }],
])('takes "%s"', (line, options) => {
  expect(parse(line)).toEqual({ ok: true, ...options });
});

it.each([
  ['--only c', 'no section "c"; there are a, b'],
  ['--only', 'no section ""'],
  ['--small', '--small is not known'],
  ['a', 'a is not known'],
])('refuses "%s"', (line, words) => {
  expect(parse(line)).toMatchObject({ ok: false, message: expect.stringContaining(words) as string });
});
