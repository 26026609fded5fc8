import { afterEach, describe, expect, it, vi } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import { startTargets } from './wake-up-targets.ts';

let observer: Observer;
afterEach(() => observer.stop());

const QUEUE = 'DEV.QUEUE.1';
/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:1/';

describe('a switch of the deployment', () => {
  it('case 25: notifications only: wakes, and takes no registrations', async () => {
    observer = await startObserver({
      env: {
        ENABLE_NOTIFICATIONS: '1',
        seeddata: JSON.stringify({
          mq_requests: [{ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: NOBODY, delivery: { attempts: 1 } }],
        }),
      },
    });
    const json = { qmgr: 'QM1', queue: QUEUE, notify: NOBODY };
    for (const [method, path] of [
      ['POST', '/register'],
      ['GET', '/register'],
      ['DELETE', '/register/A'],
      ['DELETE', '/admin/flush'],
      ['GET', '/admin/export'],
      ['POST', '/notify'],
    ] as const)
      expect(await observer.send(method, path, { json })).toMatchObject({
        status: 404,
        json: { detail: 'Page not found' },
      });
    observer.mq.put('QM1', QUEUE, 1);
    expect((await observer.notify()).notifications).toMatchObject({ due: 1 });
    expect((await observer.restore()).outcome).toBe('completed');
    expect((await observer.persist()).outcome).toBe('completed');
  });

  it('reservations only: takes registrations, and wakes nobody', async () => {
    observer = await startObserver({ env: { ENABLE_RESERVATIONS: '1' } });
    const app = observer.target();
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url });
    expect((await observer.list()).length).toBe(1);
    expect(await observer.notify()).toMatchObject({ cycle: 'notify', outcome: 'skipped' });
    expect(await observer.restore()).toMatchObject({ cycle: 'restore', outcome: 'skipped' });
    expect((await observer.persist()).outcome).toBe('completed');
    expect(app.wakeUps).toEqual([]);
    expect(observer.mq.journal()).toEqual([]);
  });

  it('reservations only: without any queue manager, names of queue managers are taken as they come', async () => {
    observer = await startObserver({ env: { ENABLE_RESERVATIONS: '1' }, queueManagers: [] });
    const notify = observer.target().url;
    expect(await observer.register({ qmgr: 'ANY', queue: QUEUE, notify })).toMatchObject({ qmgr: 'ANY' });
  });

  it('both switches on: everything runs', async () => {
    observer = await startObserver({ env: { ENABLE_RESERVATIONS: '1', ENABLE_NOTIFICATIONS: '1' } });
    const app = observer.target();
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url });
    await observer.notify();
    expect(app.wakeUps.length).toBe(1);
  });

  it('TEST: two failures are enough, and a quarantine lasts four minutes', async () => {
    observer = await startObserver({ env: { TEST: '1' } });
    const app = observer.target();
    app.answer({ status: 500 });
    observer.mq.put('QM1', QUEUE, 1);
    const delivery = { attempts: 1 };
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url, delivery });
    await observer.notify();
    await observer.notify();
    const { backoff = '', state } = (await observer.find('A')) ?? {};
    expect(state).toBe('quarantined');
    expect(Math.abs(Date.parse(backoff) - Date.now() - 4 * 60_000)).toBeLessThan(10_000);
  });

  it('ALLOW_TARGETS=none: not even this machine is woken', async () => {
    observer = await startObserver({ env: { ALLOW_TARGETS: 'none' } });
    const json = { qmgr: 'QM1', queue: QUEUE, notify: observer.target().url };
    const reply = await observer.send('POST', '/register', { json });
    expect(reply).toMatchObject({ status: 400, json: { errors: [{ field: 'notify' }] } });
  });

  it('DELIVERY_PER_HOST: a host that hangs takes its own places only', async () => {
    observer = await startObserver({ env: { DELIVERY_PER_HOST: '2', DELIVERY_CONCURRENCY: '3' } });
    const targets = await startTargets();
    try {
      const [hanging, quick] = [observer.target(), targets.add()];
      const release = hanging.hold();
      observer.mq.put('QM1', QUEUE, 1);
      const fields = { qmgr: 'QM1', queue: QUEUE };
      await observer.importAll([
        ...['A', 'B', 'C', 'D', 'E'].map((id) => ({ ...fields, id, notify: hanging.url })),
        ...['F', 'G', 'H', 'I', 'J'].map((id) => ({ ...fields, id, notify: quick.url })),
      ]);
      const cycle = observer.notify();
      await vi.waitFor(() => expect(quick.wakeUps.length).toBe(5), { timeout: 5_000, interval: 5 });
      expect(hanging.wakeUps.length).toBe(2);
      release({ status: 204 });
      expect((await cycle).notifications).toMatchObject({ due: 10, succeeded: 10 });
      expect(hanging.wakeUps.length).toBe(5);
    } finally {
      await targets.close();
    }
  });
});
