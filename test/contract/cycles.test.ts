import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import { startTargets, type Target, type TargetServer } from './wake-up-targets.ts';

let observer: Observer;
let app: Target;

const QUEUE = 'DEV.QUEUE.1';
const FUTURE = '2999-01-01T00:00:00Z';
const entry = (id: string, more: object = {}): object => ({
  ...{ id, qmgr: 'QM1', queue: QUEUE, notify: app.url, delivery: { attempts: 1 } },
  ...more,
});
const woken = (target: Target, times: number): Promise<void> =>
  vi.waitFor(() => expect(target.wakeUps.length).toBe(times), { timeout: 5_000, interval: 5 });

const stored = async (key: string): Promise<Record<string, unknown>> => {
  const found = await observer.objects.get(key);
  if (found.kind !== 'found') throw new Error(`there is no object ${key}`);
  return JSON.parse(Buffer.from(found.body).toString()) as Record<string, unknown>;
};

describe('a cycle', () => {
  beforeAll(async () => {
    observer = await startObserver({ queueManagers: [{ name: 'QM1' }, { name: 'QM2' }] });
  });
  beforeEach(async () => {
    await observer.reset();
    app = observer.target();
  });
  afterAll(() => observer.stop());

  it('answers its caller with its report', async () => {
    const failing = observer.target();
    failing.answer({ status: 500 });
    observer.mq.put('QM1', QUEUE, 4);
    observer.mq.setFault('QM2', 'status:503');
    await observer.importAll([
      entry('woken'),
      entry('failing', { notify: failing.url }),
      entry('empty', { queue: 'DEV.QUEUE.2' }),
      entry('quarantined', { failcount: 10, backoff: FUTURE }),
      entry('elsewhere', { qmgr: 'QM2' }),
    ]);
    const beforeMs = Date.now();
    const report = await observer.notify();
    expect(report).toEqual({
      cycle: 'notify',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      outcome: 'partial',
      problems: [expect.stringMatching('QM2') as string],
      started: expect.stringMatching(/Z$/) as string,
      duration_ms: expect.any(Number) as number,
      registrations: { total: 5, active: 4, quarantined: 1, retired: 0, damaged: [] },
      queue_managers: [
        { qmgr: 'QM1', outcome: 'ok', queues: 1, duration_ms: expect.any(Number) as number, error: null },
        {
          ...{ qmgr: 'QM2', outcome: 'error', queues: 0, duration_ms: expect.any(Number) as number },
          error: expect.stringMatching(/HTTP 503/) as string,
        },
      ],
      notifications: { due: 2, succeeded: 1, failed: 1, skipped: 0, deferred: 0, attempts: 2 },
      decisions: [
        {
          ...{ id: 'failing', reason: 'failed', depth: 4, attempts: 1 },
          detail: expect.stringMatching(/500.*failure 1 in a row/) as string,
        },
        { id: 'elsewhere', reason: 'queue_manager_error', detail: 'unavailable' },
        { id: 'woken', reason: 'woken', depth: 4, attempts: 1 },
        { id: 'quarantined', reason: 'quarantined', depth: 4 },
        { id: 'empty', reason: 'depth_below', depth: 0 },
      ],
    });
    const startedMs = Date.parse(report.started);
    expect(startedMs).toBeGreaterThanOrEqual(beforeMs);
    expect(startedMs + report.duration_ms).toBeLessThanOrEqual(Date.now());
  });

  it('answers the first 100 decisions, failures first; the stored report stands for all', async () => {
    app.answer({ status: 500 });
    observer.mq.put('QM1', QUEUE, 1);
    const idle = Array.from({ length: 130 }, (_, index) => entry(`a-${index}`, { queue: 'DEV.QUEUE.2' }));
    await observer.importAll([...idle, entry('z-failing')]);
    const report = await observer.notify();
    expect(report.decisions.length).toBe(100);
    expect(report.decisions[0]).toMatchObject({ id: 'z-failing', reason: 'failed' });
    const { report: whole } = await stored('mq-observer/reports/notify.json');
    expect(whole).toMatchObject({ id: report.id, outcome: report.outcome, registrations: { total: 131 } });
    expect(whole).toMatchObject({
      decisions: [{ id: 'z-failing' }],
      others: { reason: 'depth_below', depth: 0 },
    });
    const { json } = await observer.send('GET', '/register/a-129/decisions');
    expect(json).toMatchObject({
      decisions: [{ decision: { id: 'a-129', reason: 'depth_below', depth: 0 } }],
    });
  });

  it('is skipped while another one runs, and says so with 200', async () => {
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register(entry('A'));
    const release = app.hold();
    const first = observer.notify();
    await woken(app, 1);
    const second = await observer.notify();
    expect(second).toMatchObject({
      cycle: 'notify',
      outcome: 'skipped',
      reason: expect.stringMatching(/another run holds the lease until/) as string,
    });
    expect((await observer.restore()).outcome).toBe('completed');
    release({ status: 204 });
    expect((await first).decisions).toMatchObject([{ reason: 'woken' }]);
    expect(app.wakeUps.length).toBe(1);
    expect((await observer.notify()).outcome).toBe('completed');
  });

  it('is answered without running again for an event that was served', async () => {
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register(entry('A'));
    const event = (id: string, source = 'cron') => ({
      'ce-id': id,
      'ce-source': source,
      'ce-specversion': '1.0',
    });
    expect((await observer.notify(event('1'))).outcome).toBe('completed');
    expect(await observer.notify(event('1'))).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching('served before') as string,
    });
    expect(app.wakeUps.length).toBe(1);
    expect((await observer.notify(event('2'))).outcome).toBe('completed');
    expect((await observer.notify(event('1', 'another cron'))).outcome).toBe('completed');
    expect((await observer.notify(event('1'))).outcome).toBe('skipped');
    expect((await observer.notify()).outcome).toBe('completed');
    expect((await observer.notify()).outcome).toBe('completed');
    expect(app.wakeUps.length).toBe(5);
  });

  it('is called by its name, on any path below it', async () => {
    for (const path of [
      '/functions/notify-cycle',
      '/functions/notify-cycle/',
      '/functions/notify-cycle/a/b?c=d',
    ])
      expect(await observer.send('POST', path, { json: { any: 'data' } })).toMatchObject({
        status: 200,
        json: { cycle: 'notify', outcome: 'completed' },
      });
    const asOwnUrl = await observer.send('POST', '/functions/register/register', { json: entry('A') });
    expect(asOwnUrl).toMatchObject({ status: 200, json: { id: 'A' } });
  });

  it('counts over all cycles in the stored report', async () => {
    const before = (await stored('mq-observer/reports/notify.json'))['counters'] as Record<string, number>;
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register(entry('A'));
    await observer.notify();
    await observer.notify();
    const after = (await stored('mq-observer/reports/notify.json'))['counters'] as Record<string, number>;
    expect((after['cycles'] ?? 0) - (before['cycles'] ?? 0)).toBe(2);
    expect((after['succeeded'] ?? 0) - (before['succeeded'] ?? 0)).toBe(2);
  });

  it('that persists writes only when something changed', async () => {
    await observer.register(entry('A'));
    const first = await observer.persist();
    expect(first).toMatchObject({ cycle: 'persist', outcome: 'completed', changed: true, pruned: 0 });
    expect(first.registrations).toEqual({ total: 1, damaged: [] });
    const backup = await stored(`mq-observer/${first.backup ?? ''}`);
    expect(backup['mq_requests']).toMatchObject([{ id: 'A', queue: QUEUE }]);
    expect(await observer.persist()).toMatchObject({ outcome: 'completed', changed: false, backup: null });
    await observer.send('DELETE', '/register/A');
    expect(await observer.persist()).toMatchObject({ changed: true, registrations: { total: 0 } });

    const again = await observer.send('POST', '/admin/import', { json: backup });
    expect(again.json).toMatchObject({ imported: 1, refused: [] });
    const forged = { ...backup, mq_requests: [entry('B')] };
    expect((await observer.send('POST', '/admin/import', { json: forged })).status).toBe(400);
  });
});

describe('a host that stops in the middle of a cycle', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'deferred-'));
  const env = { DELIVERY_CONCURRENCY: '1' };
  let targets: TargetServer;

  beforeAll(async () => {
    targets = await startTargets();
    app = targets.add();
  });
  afterAll(async () => {
    await targets.close();
    rmSync(dataDir, { recursive: true });
  });
  const wokenIds = () => app.wakeUps.map(({ body }) => (JSON.parse(body) as Record<string, string>)['ID']);

  it('starts nothing new; what was deferred is no failure and goes first next time', async () => {
    observer = await startObserver({ dataDir, env });
    observer.mq.put('QM1', QUEUE, 1);
    await observer.importAll(['A', 'B', 'C'].map((id) => entry(id)));
    const release = app.hold();
    const cycle = observer.notify();
    await woken(app, 1);
    const stopped = observer.stop();
    await vi.waitFor(() => expect(observer.send('GET', '/')).rejects.toThrow(/ECONNREFUSED/), {
      timeout: 5_000,
      interval: 5,
    });
    release({ status: 204 });
    const report = await cycle;
    await stopped;
    expect(report).toMatchObject({
      outcome: 'partial',
      notifications: { due: 3, succeeded: 1, failed: 0, deferred: 2, attempts: 1 },
    });
    expect(report.decisions.map(({ reason }) => reason)).toEqual(['deferred', 'deferred', 'woken']);
    expect(app.wakeUps.length).toBe(1);

    observer = await startObserver({ dataDir, env });
    try {
      expect((await observer.list()).map(({ failcount }) => failcount)).toEqual([0, 0, 0]);
      observer.mq.put('QM1', QUEUE, 1);
      expect((await observer.notify()).outcome).toBe('completed');
      const [first, ...second] = wokenIds();
      expect(new Set(second).size).toBe(3);
      expect(second.at(-1)).toBe(first);
    } finally {
      await observer.stop();
    }
  });
});
