import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { Target, TargetAnswer } from './wake-up-targets.ts';

let observer: Observer;
let app: Target;

beforeAll(async () => {
  observer = await startObserver({ env: { FAIL_LIMIT: '2', BACKOFF_DURATION: '30' } });
});
beforeEach(async () => {
  await observer.reset();
  app = observer.target();
  observer.mq.put('QM1', QUEUE, 1);
});
afterAll(() => observer.stop());

const QUEUE = 'DEV.QUEUE.1';
const ZERO_TIME = '0001-01-01T00:00:00Z';
const BACKOFF_MS = 30 * 60_000;
const fields = (more: object = {}): object => ({
  ...{ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url, delivery: { attempts: 1 } },
  ...more,
});
const woken = (target: Target, times: number): Promise<void> =>
  vi.waitFor(() => expect(target.wakeUps.length).toBe(times), { timeout: 5_000, interval: 5 });

describe('a failure', () => {
  it.each<[string, TargetAnswer]>([
    ['case 37: 500', { status: 500 }],
    ['400', { status: 400 }],
    ['404', { status: 404 }],
    ['a reset connection', 'reset'],
  ])('is counted once a cycle after %s', async (_name, answer) => {
    await observer.register(fields());
    app.answer(answer);
    const report = await observer.notify();
    expect(report).toMatchObject({
      outcome: 'completed',
      notifications: { due: 1, failed: 1, succeeded: 0 },
    });
    expect(report.decisions).toMatchObject([{ id: 'A', reason: 'failed', depth: 1, attempts: 1 }]);
    expect(await observer.find('A')).toMatchObject({ failcount: 1, backoff: ZERO_TIME });
  });

  it('is counted when nothing listens there', async () => {
    await observer.register(fields({ notify: 'http://127.0.0.1:1/' }));
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'failed' }]);
    expect(await observer.find('A')).toMatchObject({ failcount: 1 });
  });

  it.each([200, 202, 204, 299])('case 37: is not counted after %i', async (status) => {
    await observer.register(fields());
    app.answer({ status });
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
    expect(await observer.find('A')).toMatchObject({ failcount: 0 });
  });

  it.each([301, 302, 303, 307, 308])('is what a redirect with %i is: nobody follows it', async (status) => {
    const elsewhere = observer.target();
    await observer.register(fields());
    app.answer({ status, headers: { location: elsewhere.url } });
    expect((await observer.notify()).decisions).toMatchObject([
      { reason: 'failed', detail: expect.stringMatching('redirects are not followed') as string },
    ]);
    expect(app.wakeUps.length).toBe(1);
    expect(elsewhere.wakeUps).toEqual([]);
    expect(await observer.find('A')).toMatchObject({ failcount: 1 });
  });

  it('case 39: is what no answer in time is, and holds up nobody else', async () => {
    const quick = observer.target();
    app.answer('hang');
    await observer.register(fields({ delivery: { attempts: 1, timeout: 'PT1S' } }));
    await observer.register(fields({ id: 'B', notify: quick.url }));
    const startMs = Date.now();
    const { decisions } = await observer.notify();
    expect(Date.now() - startMs).toBeLessThan(5_000);
    expect(decisions).toContainEqual(
      expect.objectContaining({
        id: 'A',
        reason: 'failed',
        detail: expect.stringMatching(/^timeout/) as string,
      }),
    );
    expect((quick.wakeUps[0]?.atMs ?? Infinity) - startMs).toBeLessThan(900);
    expect(await observer.find('A')).toMatchObject({ failcount: 1 });
    expect(await observer.find('B')).toMatchObject({ failcount: 0 });
  });
});

describe('quarantine', () => {
  it('case 40: begins with the second failure, lasts as configured, and nothing is sent in it', async () => {
    await observer.register(fields());
    app.answer({ status: 500 });
    await observer.notify();
    const beforeMs = Date.now();
    await observer.notify();
    const inQuarantine = await observer.find('A');
    expect(inQuarantine).toMatchObject({
      failcount: 2,
      state: 'quarantined',
      state_reason: expect.stringMatching('500') as string,
    });
    const endMs = Date.parse(inQuarantine?.backoff ?? '');
    expect(endMs).toBeGreaterThanOrEqual(beforeMs + BACKOFF_MS);
    expect(endMs).toBeLessThanOrEqual(Date.now() + BACKOFF_MS);
    expect(Date.parse(inQuarantine?.last_updated ?? '')).toBeGreaterThanOrEqual(beforeMs);

    const third = await observer.notify();
    expect(third.decisions).toMatchObject([{ id: 'A', reason: 'quarantined' }]);
    expect(third.registrations).toMatchObject({ total: 1, active: 0, quarantined: 1 });
    expect(app.wakeUps.length).toBe(2);
  });

  it('case 8: is lifted by registering the same id again', async () => {
    await observer.register(fields());
    app.answer({ status: 500 }, { status: 500 }, { status: 200 });
    await observer.notify();
    await observer.notify();
    expect(await observer.register(fields())).toMatchObject({ failcount: 0, backoff: ZERO_TIME });
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
  });

  it('case 42: is lifted by a restore cycle once its time has passed; then the target is woken again', async () => {
    await observer.importAll([fields({ failcount: 2, backoff: '2020-01-01T00:00:00Z' })]);
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'quarantined' }]);
    expect(await observer.restore()).toMatchObject({
      cycle: 'restore',
      outcome: 'completed',
      restored: ['A'],
      quarantined: 0,
    });
    const restored = await observer.find('A');
    expect(restored).toMatchObject({ failcount: 0, backoff: ZERO_TIME });
    expect(restored).not.toHaveProperty('state');
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
    expect(app.wakeUps.length).toBe(1);
  });

  it('case 43: is left alone by a restore cycle before that', async () => {
    await observer.importAll([fields({ failcount: 2, backoff: '2999-01-01T00:00:00Z' })]);
    const before = await observer.find('A');
    expect(await observer.restore()).toMatchObject({ restored: [], quarantined: 1 });
    expect(await observer.find('A')).toEqual(before);
  });

  it('case 44, as the contract has it: takes two failures in a row; a success in between starts anew', async () => {
    await observer.register(fields());
    app.answer({ status: 500 }, { status: 200 }, { status: 500 }, { status: 500 });
    for (const failcount of [1, 0, 1]) {
      await observer.notify();
      expect(await observer.find('A')).toMatchObject({ failcount, backoff: ZERO_TIME });
    }
    await observer.notify();
    expect(await observer.find('A')).toMatchObject({ failcount: 2, state: 'quarantined' });
  });
});

describe('a target that is gone', () => {
  it('answers 410 once and is woken no more, until it is registered again', async () => {
    await observer.register(fields());
    app.answer({ status: 410 }, { status: 200 });
    const report = await observer.notify();
    expect(report.decisions).toMatchObject([{ id: 'A', reason: 'retired', attempts: 1 }]);
    expect(report.notifications).toMatchObject({ due: 1, succeeded: 0, failed: 1 });
    expect(await observer.find('A')).toMatchObject({
      state: 'retired',
      state_reason: expect.stringMatching('410') as string,
    });
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'retired' }]);
    expect((await observer.restore()).restored).toEqual([]);
    expect(app.wakeUps.length).toBe(1);

    expect(await observer.register(fields())).not.toHaveProperty('state');
    await observer.notify();
    expect(app.wakeUps.length).toBe(2);
  });
});

describe('an owner who acts while a cycle is waiting for the target', () => {
  it('case 55: unregisters, and the failure that comes after brings nothing back', async () => {
    await observer.register(fields());
    const release = app.hold();
    const cycle = observer.notify();
    await woken(app, 1);
    expect((await observer.send('DELETE', '/register/A')).status).toBe(200);
    release({ status: 500 });
    expect((await cycle).decisions).toMatchObject([{ id: 'A', reason: 'failed' }]);
    expect(await observer.find('A')).toBeUndefined();
    expect(await observer.list()).toEqual([]);
    await observer.notify();
    expect(app.wakeUps.length).toBe(1);
    expect(await observer.register(fields())).toMatchObject({ failcount: 0 });
  });

  it('case 55: registers again, and the failure of before does not count', async () => {
    await observer.register(fields());
    const release = app.hold();
    const cycle = observer.notify();
    await woken(app, 1);
    await observer.register(fields({ when: { depth_at_least: 2 } }));
    release({ status: 500 });
    await cycle;
    expect(await observer.find('A')).toMatchObject({ failcount: 0, when: { depth_at_least: 2 } });
  });

  it('case 55: flushes, and 410 that comes after retires nobody', async () => {
    await observer.register(fields());
    const release = app.hold();
    const cycle = observer.notify();
    await woken(app, 1);
    expect((await observer.send('DELETE', '/admin/flush')).json['message']).toBe('1 registrations dropped');
    release({ status: 410 });
    await cycle;
    expect(await observer.register(fields())).not.toHaveProperty('state');
  });
});

describe('a Code Engine job', () => {
  it('that cannot be started for want of settings has not failed: the reason says what to set', async () => {
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: 'ce-mq-consumer' });
    const report = await observer.notify();
    expect(report.decisions).toMatchObject([
      { id: 'A', reason: 'misconfigured', detail: expect.stringContaining('ce_apikey') as string },
    ]);
    expect(await observer.find('A')).toMatchObject({ failcount: 0 });
  });
});
