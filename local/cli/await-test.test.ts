import { expect, it } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import type { Api, ApiRequest } from './api.ts';
import { awaitTest } from './await-test.ts';

/** Looks for the test `r` in answers of which only the one with number `at` has it. */
async function lookingFor(at: number, limitMs: number) {
  const clock = createVirtualClock();
  const asked: ApiRequest[] = [];
  const api: Api = {
    call: async (request) => {
      asked.push(request);
      const tests = asked.length === at ? [{ test: { request: 'r' } }] : [{ test: { request: 'other' } }];
      return { status: 200, body: { tests }, etag: undefined };
    },
    close: () => undefined,
  };
  const startMs = clock.nowMs();
  const found = await awaitTest(api, { path: '/p', request: 'r' }, limitMs, clock);
  return { found, asked, tookMs: clock.nowMs() - startMs };
}

it('a test is looked for every second until it is there', async () => {
  const { found, asked, tookMs } = await lookingFor(61, 180_000);
  expect([found, asked.length, tookMs]).toEqual([{ test: { request: 'r' } }, 61, 60_000]);
});

it('a test that does not come is given up in time, and no call outlasts that', async () => {
  const { found, asked, tookMs } = await lookingFor(Number.POSITIVE_INFINITY, 12_500);
  expect([found, asked.length, tookMs]).toEqual([undefined, 13, 12_000]);
  expect(asked.map(({ timeoutMs }) => timeoutMs).slice(0, 5)).toEqual([10_000, 10_000, 10_000, 9_500, 8_500]);
  expect(asked.at(-1)?.timeoutMs).toBe(1_000);
});
