import http from 'node:http';
import https from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import { selfSignedCertificate } from '../support/self-signed-certificate.ts';

const QUEUE = 'DEV.QUEUE.1';

/** Speaks TLS with a certificate that nobody vouches for, and passes everything on to another port. */
let front: https.Server;
let frontPort: number;
let behindPort: number;
let observer: Observer;

beforeAll(async () => {
  front = https.createServer(selfSignedCertificate('localhost'), (request, response) => {
    const { method, url: path, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: behindPort, method, path, headers, agent: false });
    onward.on('error', () => response.destroy());
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = front.address();
  frontPort = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(() => observer.stop());
afterAll(async () => {
  front.closeAllConnections();
  await new Promise((resolve) => front.close(resolve));
});

const CASES = [
  ['is not trusted, not even with a switch that says no', { ALLOW_SELF_SIGNED: 'false' }, false],
  ['is accepted where ALLOW_SELF_SIGNED is on', { ALLOW_SELF_SIGNED: '1' }, true],
] as const;

describe('a self-signed certificate', () => {
  it.each(CASES)('cases 34 and 36: of a queue manager %s', async (_name, env, accepted) => {
    const server = { MQ_REST_HOST: 'https://127.0.0.1', MQ_REST_PORT: String(frontPort) };
    observer = await startObserver({ env: { ...env, ...server } });
    behindPort = observer.mq.restPort;
    const app = observer.target();
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url });
    const report = await observer.notify();
    expect(report.queue_managers).toMatchObject([{ qmgr: 'QM1', outcome: accepted ? 'ok' : 'error' }]);
    expect(app.wakeUps.length).toBe(accepted ? 1 : 0);
    expect(await observer.find('A')).toMatchObject({ failcount: 0 });
  });

  it.each(CASES)('of a target %s', async (_name, env, accepted) => {
    observer = await startObserver({ env });
    const app = observer.target();
    const { port, pathname } = new URL(app.url);
    behindPort = Number(port);
    observer.mq.put('QM1', QUEUE, 1);
    const notify = `https://127.0.0.1:${frontPort}${pathname}`;
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify, delivery: { attempts: 1 } });
    const { decisions } = await observer.notify();
    expect(decisions).toMatchObject([{ id: 'A', reason: accepted ? 'woken' : 'failed' }]);
    expect(app.wakeUps.length).toBe(accepted ? 1 : 0);
    expect(await observer.find('A')).toMatchObject({ failcount: accepted ? 0 : 1 });
  });
});
