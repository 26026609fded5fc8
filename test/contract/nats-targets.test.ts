import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { respondOn, type TestResponder } from '../support/nats-wake-ups.ts';
import { startObserver, type Observer } from '../support/observer.ts';

/** The client comes with the bundle and is loaded by the first wake-up that needs it: here as it is deployed. */
describe.skipIf(missingNatsServer !== undefined)('a NATS subject, from the function as it is built', () => {
  let server: NatsServer;
  let observer: Observer;
  let responder: TestResponder;
  beforeAll(async () => {
    server = await startNatsServer();
    responder = await respondOn(server.address, 'orders.ready', (message) => message.respond());
    observer = await startObserver({ env: { NATS_URL: `nats://${server.address}` } });
  });
  afterAll(async () => {
    await observer.stop();
    await responder.connection.close();
    await server.close();
  });

  it('is asked when its queue holds messages', async () => {
    await observer.register({ id: 'A', qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: 'nats:orders.ready' });
    observer.mq.put('QM1', 'DEV.QUEUE.1', 2);
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'woken', depth: 2 }]);
    expect(responder.seen).toHaveLength(1);
  });
});
