import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import { startTargets } from './wake-up-targets.ts';

const QUEUE = 'DEV.QUEUE.1';
let targets: Awaited<ReturnType<typeof startTargets>>;
let observer: Observer;
let all: ReturnType<typeof targets.add>;
let some: ReturnType<typeof targets.add>;

beforeAll(async () => {
  targets = await startTargets();
  all = targets.add();
  some = targets.add();
  observer = await startObserver({
    env: { FAIL_LIMIT: '2', BACKOFF_DURATION: '1' },
    envFile: {
      EVENT_ENDPOINTS: [
        { name: 'all', url: all.url, headers: { Authorization: 'Bearer secret' } },
        { name: 'some', url: some.url, threshold: 2, ignore: { types: ['cycle.*', 'failing'] } },
        { name: 'none', url: targets.add().url, disabled: true },
      ],
    },
  });
});
afterAll(async () => {
  await observer.stop();
  await targets.close();
});

const typesAt = (target: typeof all): readonly unknown[] =>
  target.wakeUps.map(({ body }) => (JSON.parse(body) as Record<string, unknown>)['type']);

describe('lifecycle events', () => {
  it('are told in the order in which things happen, to whoever wants them', async () => {
    const target = observer.target();
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: target.url });
    observer.mq.put('QM1', QUEUE, 1);
    target.answer({ status: 400 });
    await observer.notify();
    await observer.notify();
    await observer.send('DELETE', '/register/A');
    await observer.persist();
    expect(typesAt(all).filter((type) => type !== 'mq-observer.cycle.completed')).toEqual([
      'mq-observer.registered',
      'mq-observer.failing',
      'mq-observer.quarantined',
      'mq-observer.unregistered',
    ]);
    expect(typesAt(some)).toEqual([
      'mq-observer.registered',
      'mq-observer.quarantined',
      'mq-observer.unregistered',
    ]);
    expect(all.wakeUps[0]?.headers).toMatchObject({ authorization: 'Bearer secret' });
    expect(JSON.parse(all.wakeUps[0]?.body ?? '')).toMatchObject({
      ...{ specversion: '1.0', source: 'mq-observer', subject: 'A' },
      data: { id: 'A', qmgr: 'QM1', queue: QUEUE },
    });
  });

  it('wait, in order, while an endpoint is down, and hold up nobody else', async () => {
    const before = some.wakeUps.length;
    some.answer({ status: 500 });
    for (const id of ['B', 'C'])
      await observer.register({ id, qmgr: 'QM1', queue: 'OTHER', notify: observer.target().url });
    await observer.notify();
    expect(typesAt(all).filter((type) => type === 'mq-observer.registered')).toHaveLength(3);
    some.answer({ status: 204 });
    // Two failures opened the breaker, for a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await observer.notify();
    const delivered = some.wakeUps
      .slice(before)
      .map(({ body }) => (JSON.parse(body) as Record<string, unknown>)['subject']);
    expect(delivered.slice(-2)).toEqual(['B', 'C']);
  });
});
