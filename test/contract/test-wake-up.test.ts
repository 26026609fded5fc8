import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';

const QUEUE = 'DEV.QUEUE.1';
let observer: Observer;
beforeAll(async () => {
  observer = await startObserver();
});
afterAll(() => observer.stop());

describe('a test wake-up', () => {
  it('is sent by the next cycle, and its outcome is told under the name of the request', async () => {
    const target = observer.target();
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: target.url });
    const asked = await observer.send('POST', '/register/A/test');
    const request = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
    expect(asked).toMatchObject({ status: 202, json: { id: 'A', request, message: expect.any(String) } });
    expect(target.wakeUps).toEqual([]);
    const { id, started } = await observer.notify();
    expect(target.wakeUps).toMatchObject([
      { headers: { 'ce-type': 'queue-messages' }, body: expect.stringContaining('"CE_DEPTH":"0"') as string },
    ]);
    expect((await observer.send('GET', '/register/A/decisions')).json).toMatchObject({
      tests: [{ cycle_id: id, started, test: { id: 'A', request, reason: 'woken', attempts: 1 } }],
    });
  });

  it('cannot be asked for of who is not registered', async () => {
    expect(await observer.send('POST', '/register/nobody/test')).toMatchObject({ status: 404 });
  });

  it('is for POST only', async () => {
    expect(await observer.send('GET', '/register/A/test')).toMatchObject({ status: 405 });
  });
});
