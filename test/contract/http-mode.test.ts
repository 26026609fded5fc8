import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { SeenWakeUp, Target } from './wake-up-targets.ts';

const QUEUE = 'DEV.QUEUE.1';
const ceNames = (wakeUp: SeenWakeUp | undefined): readonly string[] =>
  Object.keys(wakeUp?.headers ?? {}).filter((name) => name.startsWith('ce-'));

let observer: Observer;
let app: Target;
const register = (more: object = {}) =>
  observer.register({
    ...{ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url, delivery: { attempts: 1 } },
    ...more,
  });

describe('with HTTP_NOTIFY and DROP_BAD', () => {
  beforeAll(async () => {
    observer = await startObserver({ env: { HTTP_NOTIFY: '1', DROP_BAD: 'yes', FAIL_LIMIT: '2' } });
  });
  beforeEach(async () => {
    await observer.reset();
    app = observer.target();
    observer.mq.put('QM1', QUEUE, 3);
  });
  afterAll(() => observer.stop());

  it('case 27: a wake-up is a plain POST of the five texts, without anything of CloudEvents', async () => {
    await register();
    await observer.notify();
    expect(app.wakeUps.length).toBe(1);
    const [wakeUp] = app.wakeUps;
    expect(wakeUp?.method).toBe('POST');
    expect(ceNames(wakeUp)).toEqual([]);
    expect(wakeUp?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(wakeUp?.body ?? '')).toEqual({
      CE_QMGR: 'QM1',
      CE_QUEUE: QUEUE,
      CE_DEPTH: '3',
      ID: 'A',
      notification: 'messages found on queue',
    });
  });

  it('case 27: a registration may ask for CloudEvents all the same', async () => {
    await register({ delivery: { mode: 'cloudevents' } });
    await observer.notify();
    expect(ceNames(app.wakeUps[0])).toContain('ce-id');
  });

  it('case 38: a status of 500 is a failure', async () => {
    await register();
    app.answer({ status: 500 });
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'failed' }]);
    expect(await observer.find('A')).toMatchObject({ failcount: 1 });
  });

  it('case 41: the second failure drops the registration; registering again starts anew', async () => {
    await register();
    app.answer({ status: 500 });
    await observer.notify();
    expect((await observer.notify()).decisions).toMatchObject([
      { reason: 'failed', detail: expect.stringMatching('dropped after 2 failures') as string },
    ]);
    expect(await observer.find('A')).toBeUndefined();
    expect(await observer.list()).toEqual([]);
    expect((await observer.send('DELETE', '/register/A')).status).toBe(404);
    expect((await observer.send('DELETE', '/admin/flush')).json['message']).toBe('0 registrations dropped');
    expect((await observer.notify()).registrations).toMatchObject({ total: 0 });
    expect(app.wakeUps.length).toBe(2);
    expect(await register()).toMatchObject({ failcount: 0 });
    await observer.notify();
    expect(app.wakeUps.length).toBe(3);
  });
});

describe('how a URL is woken by default', () => {
  afterEach(() => observer.stop());

  it.each([
    ['case 28', { HTTP_NOTIFY: '1', CLOUD_EVENTS: '1' }, 'a CloudEvent'],
    ['a switch that says no', { HTTP_NOTIFY: 'false' }, 'a CloudEvent'],
    ['a switch that says no', { HTTP_NOTIFY: '1', CLOUD_EVENTS: 'off' }, 'a plain POST'],
  ])('%s: with %j it is %s', async (_name, env, expected) => {
    observer = await startObserver({ env });
    app = observer.target();
    observer.mq.put('QM1', QUEUE, 1);
    await register();
    await observer.notify();
    expect(app.wakeUps.length).toBe(1);
    expect(ceNames(app.wakeUps[0]).length > 0).toBe(expected === 'a CloudEvent');
  });
});
