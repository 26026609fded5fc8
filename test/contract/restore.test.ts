import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';

const QUEUE = 'DEV.QUEUE.1';
let observer: Observer;
beforeAll(async () => {
  observer = await startObserver({ env: { FAIL_LIMIT: '1' } });
  observer.mq.put('QM1', QUEUE, 1);
});
afterAll(() => observer.stop());

describe('restoring one registration', () => {
  it('lifts its quarantine, and keeps all that its owner asked for, headers that nobody else knows included', async () => {
    const target = observer.target();
    const delivery = { attempts: 1, headers: { 'x-key': 'secret' } };
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: target.url, delivery });
    target.answer({ status: 400 });
    await observer.notify();
    const { json: before } = await observer.send('GET', '/register/A');
    expect(before).toMatchObject({ state: 'quarantined', failcount: 1 });

    const { status, json, headers } = await observer.send('POST', '/register/A/restore');
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 'A', failcount: 0, backoff: '0001-01-01T00:00:00Z' });
    expect(json).not.toHaveProperty('state');
    expect(headers['etag']).toBe((await observer.send('GET', '/register/A')).headers['etag']);

    target.answer({ status: 204 });
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'woken' }]);
    expect(target.wakeUps.at(-1)?.headers).toMatchObject({ 'x-key': 'secret' });
  });

  it('leaves one that is active as it is', async () => {
    const { headers, json } = await observer.send('GET', '/register/A');
    const restored = await observer.send('POST', '/register/A/restore');
    expect(restored).toMatchObject({ status: 200, json, headers: { etag: headers['etag'] } });
  });

  it('lifts what came along in an import, failures included', async () => {
    await observer.importAll([
      {
        ...{ id: 'came', qmgr: 'QM1', queue: 'DEV.QUEUE.2', notify: observer.target().url },
        ...{ failcount: 10, backoff: '2999-01-01T00:00:00Z' },
      },
    ]);
    expect((await observer.send('GET', '/register/came')).json).toMatchObject({ state: 'quarantined' });
    expect((await observer.send('POST', '/register/came/restore')).json).toMatchObject({ failcount: 0 });
    const { json } = await observer.send('GET', '/register/came');
    expect(json).not.toHaveProperty('state');
  });

  it('answers 404 for what is not registered, and is for POST only', async () => {
    expect(await observer.send('POST', '/register/nobody/restore')).toMatchObject({ status: 404 });
    expect(await observer.send('GET', '/register/A/restore')).toMatchObject({ status: 405 });
  });
});
