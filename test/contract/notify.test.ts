import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { SeenWakeUp, Target } from './wake-up-targets.ts';

let observer: Observer;
let app: Target;

beforeAll(async () => {
  observer = await startObserver();
});
beforeEach(async () => {
  await observer.reset();
  app = observer.target();
});
afterAll(() => observer.stop());

const QUEUE = 'DEV.QUEUE.1';
const fields = (more: object = {}): object => ({
  id: 'A',
  qmgr: 'QM1',
  queue: QUEUE,
  notify: app.url,
  ...more,
});
const put = (n: number, queue = QUEUE): number => observer.mq.put('QM1', queue, n);
const bodyOf = (wakeUp: SeenWakeUp | undefined): unknown => JSON.parse(wakeUp?.body ?? 'null');
const ceNames = (wakeUp: SeenWakeUp | undefined): readonly string[] =>
  Object.keys(wakeUp?.headers ?? {}).filter((name) => name.startsWith('ce-'));
const payload = (depth: string, queue = QUEUE): object => ({
  CE_QMGR: 'QM1',
  CE_QUEUE: queue,
  CE_DEPTH: depth,
  ID: 'A',
  notification: 'messages found on queue',
});
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('a wake-up', () => {
  it('case 26: is exactly one CloudEvent in binary mode, with the five texts', async () => {
    await observer.register(fields());
    put(3);
    const beforeMs = Date.now();
    const report = await observer.notify();
    expect(report.decisions).toEqual([{ id: 'A', reason: 'woken', depth: 3, attempts: 1 }]);
    expect(app.wakeUps.length).toBe(1);
    const [wakeUp] = app.wakeUps;
    expect(wakeUp?.method).toBe('POST');
    expect(wakeUp?.headers).toMatchObject({
      'ce-specversion': '1.0',
      'ce-type': 'queue-messages',
      'ce-source': 'mq-observer',
      'ce-id': expect.stringMatching(UUID) as string,
      'ce-subject': 'QM1/DEV.QUEUE.1',
      'content-type': expect.stringMatching(/^application\/json\b/) as string,
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/) as string,
    });
    const timeMs = Date.parse(String(wakeUp?.headers['ce-time']));
    expect(timeMs).toBeGreaterThanOrEqual(beforeMs);
    expect(timeMs).toBeLessThanOrEqual(Date.now());
    expect(bodyOf(wakeUp)).toEqual(payload('3'));
  });

  it('case 60: comes again with each cycle while messages wait, each time as a new event', async () => {
    await observer.register(fields());
    put(3);
    await observer.notify();
    await observer.notify();
    expect(app.wakeUps.map(bodyOf)).toEqual([payload('3'), payload('3')]);
    expect(new Set(app.wakeUps.map(({ headers }) => headers['ce-id'])).size).toBe(2);
  });

  it('case 29: does not come for an empty queue, nor for one that does not exist, and nothing fails', async () => {
    await observer.register(fields());
    await observer.register(fields({ id: 'B', queue: 'NO.SUCH.QUEUE' }));
    const report = await observer.notify();
    expect(report).toMatchObject({ outcome: 'completed', notifications: { due: 0, failed: 0 } });
    expect(report.decisions).toContainEqual({ id: 'A', reason: 'depth_below', depth: 0 });
    expect(app.wakeUps).toEqual([]);
    expect((await observer.list()).map(({ failcount }) => failcount)).toEqual([0, 0]);
  });

  it('case 30: reaches five registrations of one queue manager after one question', async () => {
    const apps = Array.from({ length: 5 }, () => observer.target());
    for (const [index, { url }] of apps.entries())
      await observer.register(fields({ id: `A${index}`, notify: url }));
    put(1);
    observer.mq.clearJournal();
    expect((await observer.notify()).notifications).toMatchObject({ due: 5, succeeded: 5, attempts: 5 });
    expect(apps.map(({ wakeUps }) => wakeUps.length)).toEqual([1, 1, 1, 1, 1]);
    expect(observer.mq.journal().length).toBe(1);
  });

  it('case 33: needs the name of the queue in its own case', async () => {
    await observer.register(fields({ queue: QUEUE.toLowerCase() }));
    put(1);
    await observer.notify();
    expect(app.wakeUps).toEqual([]);
  });

  it('of a queue family comes once, for the deepest queue', async () => {
    await observer.register(fields({ queue: 'DEV.QUEUE.*' }));
    put(2);
    put(7, 'DEV.QUEUE.2');
    await observer.notify();
    expect(app.wakeUps.map(bodyOf)).toEqual([payload('7', 'DEV.QUEUE.2')]);
    expect(app.wakeUps[0]?.headers['ce-subject']).toBe('QM1/DEV.QUEUE.2');
  });
});

describe('when a target is woken', () => {
  it('depth_at_least: not before so many messages wait', async () => {
    await observer.register(fields({ when: { depth_at_least: 3 } }));
    put(2);
    expect((await observer.notify()).decisions).toEqual([{ id: 'A', reason: 'depth_below', depth: 2 }]);
    put(1);
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'woken', depth: 3 }]);
    expect(app.wakeUps.length).toBe(1);
  });

  it('cooldown: not again before it is over, and registering anew ends it', async () => {
    await observer.register(fields({ when: { cooldown: 'PT1H' } }));
    put(1);
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
    const second = await observer.notify();
    expect(second.decisions).toEqual([{ id: 'A', reason: 'cooldown', depth: 1 }]);
    expect(second.notifications).toMatchObject({ due: 0, skipped: 1 });
    await observer.register(fields({ when: { cooldown: 'PT1H' } }));
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
    expect(app.wakeUps.length).toBe(2);
  });

  it('cooldown: passes', async () => {
    await observer.register(fields({ when: { cooldown: 'PT0.2S' } }));
    put(1);
    await observer.notify();
    const endMs = Date.now() + 5_000;
    while (app.wakeUps.length < 2 && Date.now() < endMs) await observer.notify();
    const [first, second] = app.wakeUps;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(200);
  });
});

describe('how a target is woken', () => {
  it('mode cloudevents-structured: the event is the body', async () => {
    await observer.register(fields({ delivery: { mode: 'cloudevents-structured' } }));
    put(3);
    await observer.notify();
    expect(app.wakeUps.length).toBe(1);
    expect(app.wakeUps[0]?.headers['content-type']).toMatch(/^application\/cloudevents\+json\b/);
    expect(ceNames(app.wakeUps[0])).toEqual([]);
    expect(bodyOf(app.wakeUps[0])).toMatchObject({
      ...{ specversion: '1.0', type: 'queue-messages', source: 'mq-observer', subject: 'QM1/DEV.QUEUE.1' },
      id: expect.stringMatching(UUID) as string,
      data: payload('3'),
    });
  });

  it('mode http: the five texts alone', async () => {
    await observer.register(fields({ delivery: { mode: 'http' } }));
    put(3);
    await observer.notify();
    expect(app.wakeUps.map(bodyOf)).toEqual([payload('3')]);
    expect(app.wakeUps[0]?.headers['content-type']).toBe('application/json');
    expect(ceNames(app.wakeUps[0])).toEqual([]);
  });

  it('attempts: three by default, with the same event each time', async () => {
    await observer.register(fields());
    app.answer({ status: 500 }, { status: 503 }, { status: 200 });
    put(1);
    const report = await observer.notify();
    expect(report.decisions).toEqual([{ id: 'A', reason: 'woken', depth: 1, attempts: 3 }]);
    expect(report.notifications).toMatchObject({ due: 1, succeeded: 1, failed: 0, attempts: 3 });
    expect(app.wakeUps.length).toBe(3);
    const told = app.wakeUps.map(({ headers, body }) => [headers['ce-id'], headers['ce-time'], body]);
    expect(told).toEqual([told[0], told[0], told[0]]);
  });

  it('attempts: as many as are granted, and none where repeating does not help', async () => {
    const refusing = observer.target();
    refusing.answer({ status: 400 });
    app.answer({ status: 500 });
    await observer.register(fields({ delivery: { attempts: 2 } }));
    await observer.register(fields({ id: 'B', notify: refusing.url }));
    put(1);
    const { decisions } = await observer.notify();
    expect(decisions).toContainEqual(expect.objectContaining({ id: 'A', reason: 'failed', attempts: 2 }));
    expect(decisions).toContainEqual(expect.objectContaining({ id: 'B', reason: 'failed', attempts: 1 }));
    expect([app.wakeUps.length, refusing.wakeUps.length]).toEqual([2, 1]);
  });

  it('Retry-After of a 429 and of a 503 is honoured', async () => {
    const apps = [429, 503].map((status) => {
      const one = observer.target();
      one.answer({ status, headers: { 'retry-after': '1' } }, { status: 204 });
      return one;
    });
    for (const { url } of apps) await observer.register(fields({ id: url, notify: url }));
    put(1);
    expect((await observer.notify()).decisions).toMatchObject([
      { reason: 'woken', attempts: 2 },
      { reason: 'woken', attempts: 2 },
    ]);
    for (const { wakeUps } of apps) {
      const [first, second] = wakeUps;
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
    }
  });

  it('acknowledge off: sent once, whatever comes of it', async () => {
    await observer.register(fields({ delivery: { acknowledge: false } }));
    app.answer({ status: 500 }, 'reset');
    put(1);
    for (const expected of [1, 2]) {
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken', attempts: 1 }]);
      expect(app.wakeUps.length).toBe(expected);
    }
    expect(await observer.find('A')).toMatchObject({ failcount: 0 });
  });
});
