import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';

const QUEUE = 'DEV.QUEUE.1';
let observer: Observer;
beforeAll(async () => {
  observer = await startObserver();
});
afterAll(() => observer.stop());

describe('why somebody was woken or not', () => {
  it('is told cycle by cycle, the newest first', async () => {
    const target = observer.target();
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: target.url });
    await observer.notify();
    observer.mq.put('QM1', QUEUE, 2);
    await observer.notify();
    target.answer({ status: 410 });
    const last = await observer.notify();
    await observer.notify();
    const { status, json } = await observer.send('GET', '/register/A/decisions');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: 'A',
      decisions: [
        { decision: { id: 'A', reason: 'retired', detail: expect.any(String) as string } },
        { started: last.started, cycle_id: last.id, decision: { reason: 'retired', attempts: 1 } },
        { decision: { reason: 'woken', depth: 2 } },
        { decision: { reason: 'depth_below', depth: 0 } },
      ],
    });
  });

  it('is not known of who is not registered, and stays known of who was', async () => {
    expect(await observer.send('GET', '/register/nobody/decisions')).toMatchObject({ status: 404 });
    await observer.send('DELETE', '/register/A');
    expect(await observer.send('GET', '/register/A/decisions')).toMatchObject({ status: 200 });
  });

  it('is for GET only', async () => {
    expect(await observer.send('POST', '/register/A/decisions')).toMatchObject({ status: 405 });
  });
});
