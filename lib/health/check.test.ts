import { describe, expect, it, vi } from 'vitest';
import { createCheck } from './check.ts';
import type { Finding } from './health.ts';
import { createMovedClock } from './health-test-support.ts';

const UP: Finding = { status: 'UP' };
const DOWN_BY_TIME = { status: 'DOWN', details: { reason: 'no result within 2000 ms' } };

const hanging = () => {
  let release: (finding: Finding) => void = () => undefined;
  const check = vi.fn(() => new Promise<Finding>((resolve) => (release = resolve)));
  return { check, release: (finding: Finding) => release(finding) };
};

describe('the check of an indicator', () => {
  it('gives what was found under its name', async () => {
    const check = createCheck({ name: 'store', check: async () => UP }, createMovedClock());
    expect(await check()).toEqual(new Map([['store', UP]]));
  });

  it('gives one component each member of a family, and none when it has no members', async () => {
    const members = new Map([['QM1', UP]]);
    const check = (found: ReadonlyMap<string, Finding>) =>
      createCheck(
        { name: 'queue-manager', together: 'queue-managers', checkAll: async () => found },
        createMovedClock(),
      );
    expect(await check(members)()).toEqual(new Map([['queue-manager:QM1', UP]]));
    expect(await check(new Map())()).toEqual(new Map());
  });

  it('is DOWN with the reason when the indicator throws', async () => {
    const fails = async (): Promise<Finding> => Promise.reject(new Error('no route'));
    const check = createCheck({ name: 'store', check: fails }, createMovedClock());
    expect((await check()).get('store')).toEqual({
      status: 'DOWN',
      details: { reason: 'Error: no route' },
    });
  });

  it('is shared for a second, by those who ask at the same time and after', async () => {
    const clock = createMovedClock();
    const find = vi.fn(async () => UP);
    const check = createCheck({ name: 'store', check: find }, clock);
    await Promise.all([check(), check()]);
    await clock.move(999);
    await check();
    expect(find).toHaveBeenCalledTimes(1);
    await clock.move(1);
    await check();
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('is cut off after two seconds: INIT in a new instance, DOWN in an old one', async () => {
    const clock = createMovedClock();
    const { check: find, release } = hanging();
    const check = createCheck({ name: 'store', check: find }, clock);
    const first = check();
    await clock.move(2_000);
    expect((await first).get('store')).toMatchObject({ status: 'INIT' });
    await clock.move(8_000);
    const second = check();
    await clock.move(2_000);
    expect((await second).get('store')).toEqual(DOWN_BY_TIME);
    // Nothing piles up behind what hangs, and it counts once it ends.
    expect(find).toHaveBeenCalledTimes(1);
    const third = check();
    release(UP);
    expect((await third).get('store')).toEqual(UP);
  });

  it('is DOWN when it is cut off after it had once ended, however new the instance is', async () => {
    const clock = createMovedClock();
    const { check: find, release } = hanging();
    const check = createCheck({ name: 'store', check: find }, clock);
    const first = check();
    release(UP);
    await first;
    await clock.move(1_000);
    const second = check();
    await clock.move(2_000);
    expect((await second).get('store')).toEqual(DOWN_BY_TIME);
  });
});
