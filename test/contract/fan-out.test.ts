import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import { startOwnUrl, type OwnUrl } from '../support/own-url.ts';

const QUEUE = 'DEV.QUEUE.1';
const COUNT = 24;
let own: OwnUrl;
let observer: Observer;
beforeAll(async () => {
  own = await startOwnUrl();
  observer = await startObserver({
    functionEnv: { FANOUT_URL: `${own.url}/functions/notify-cycle`, FANOUT_REGISTRATIONS: '6' },
  });
  own.passTo(observer.url);
});
afterAll(async () => {
  await observer.stop();
  await own.close();
});
afterEach(() => observer.reset());

async function registerMany() {
  const targets = Array.from({ length: COUNT }, () => observer.target());
  await observer.importAll(
    targets.map(({ url }, index) => ({
      ...{ id: `one-${index}`, qmgr: 'QM1', queue: QUEUE, notify: url },
      ...{ failcount: 0, backoff: '0001-01-01T00:00:00Z' },
    })),
  );
  return targets;
}

describe('more registrations than one invocation takes', () => {
  it('are shared among further invocations, which wake each once and ask the queue manager once', async () => {
    const targets = await registerMany();
    observer.mq.put('QM1', QUEUE, 3);
    observer.mq.clearJournal();
    const report = await observer.notify();
    expect(report).toMatchObject({
      outcome: 'completed',
      registrations: { total: COUNT },
      notifications: { due: COUNT, succeeded: COUNT },
      queue_managers: [{ qmgr: 'QM1', outcome: 'ok' }],
    });
    expect(report.ranges).toHaveLength(16);
    expect(targets.map(({ wakeUps }) => wakeUps.length)).toEqual(targets.map(() => 1));
    const asked = observer.mq.journal().filter(({ target: path }) => path.includes('currentDepth'));
    expect(asked).toHaveLength(1);
    // By now it is known how many there are.
    expect((await observer.notify()).ranges).toHaveLength(8);
  });

  it('have their decisions told one by one, from the range that looked at them', async () => {
    await registerMany();
    const report = await observer.notify();
    const { json } = await observer.send('GET', '/register/one-7/decisions');
    const [decision] = (json as { readonly decisions: readonly unknown[] }).decisions;
    expect(decision).toMatchObject({ cycle_id: report.id, decision: { id: 'one-7', reason: 'depth_below' } });
  });

  it('and a range is served for nobody but the observer itself', async () => {
    const body = { cycle: 'mine', fence: 1, fenceBefore: 0, range: '0-3', sharedBy: 4, budgetMs: 1_000 };
    const stranger = await observer.send('POST', '/functions/notify-cycle/range', { json: body });
    expect(stranger).toMatchObject({ status: 403 });
    const signed = await observer.send('POST', '/functions/notify-cycle/range', {
      json: body,
      headers: {
        'webhook-id': 'mine.0-3',
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
      },
    });
    expect(signed).toMatchObject({ status: 403 });
  });
});
