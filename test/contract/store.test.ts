import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { Target } from './wake-up-targets.ts';

const QUEUE = 'DEV.QUEUE.1';

describe('two hosts over one folder', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'shared-'));
  let hosts: readonly [Observer, Observer];
  let app: Target;

  beforeAll(async () => {
    hosts = [await startObserver({ dataDir }), await startObserver({ dataDir })];
    app = hosts[0].target();
  });
  beforeEach(() => hosts[0].reset());
  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    rmSync(dataDir, { recursive: true });
  });
  const fields = (more: object): object => ({ qmgr: 'QM1', queue: QUEUE, notify: app.url, ...more });
  const idsAt = async (host: Observer): Promise<readonly string[]> =>
    (await host.list()).map(({ id }) => id).toSorted();

  it('case 53: what both register at once is all stored, and seen by both', async () => {
    const expected = hosts.flatMap((_, at) => Array.from({ length: 20 }, (_nth, nth) => `${at}-${nth}`));
    await Promise.all(
      hosts.flatMap((host, at) =>
        Array.from({ length: 20 }, (_nth, nth) => host.register(fields({ id: `${at}-${nth}` }))),
      ),
    );
    for (const host of hosts) expect(await idsAt(host)).toEqual(expected.toSorted());
  });

  it('case 53: the same three registered by both at once are one registration', async () => {
    const replies = await Promise.all(hosts.map((host) => host.register(fields({}))));
    expect(replies[0]?.id).toBe(replies[1]?.id);
    for (const host of hosts) expect(await idsAt(host)).toEqual([replies[0]?.id]);
  });

  it('case 53: what one removes is gone for the other, while it registers', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, nth) => hosts[0].register(fields({ id: `old-${nth}` }))),
    );
    expect((await hosts[1].list()).length).toBe(10);
    await Promise.all([
      ...Array.from({ length: 10 }, (_, nth) => hosts[0].send('DELETE', `/register/old-${nth}`)),
      ...Array.from({ length: 5 }, (_, nth) => hosts[1].register(fields({ id: `new-${nth}` }))),
    ]);
    const left = ['new-0', 'new-1', 'new-2', 'new-3', 'new-4'];
    for (const host of hosts) expect(await idsAt(host)).toEqual(left);
  });

  it('a failure that a cycle of one counts shows at the other, and each counts once', async () => {
    for (const host of hosts) host.mq.put('QM1', QUEUE, 1);
    app.answer({ status: 500 });
    await hosts[1].register(fields({ id: 'A', delivery: { attempts: 1 } }));
    const reports = await Promise.all(hosts.map((host) => host.notify()));
    expect(reports.map(({ outcome }) => outcome)).toContain('completed');
    const ran = reports.filter(({ outcome }) => outcome === 'completed').length;
    expect(app.wakeUps.length).toBe(ran);
    for (const host of hosts) expect(await host.find('A')).toMatchObject({ failcount: ran });
  });
});

describe('a store that cannot be used', () => {
  let observer: Observer;
  let app: Target;
  const registration = (id: string): object => ({ id, qmgr: 'QM1', queue: QUEUE, notify: app.url });
  const aside = (): string => `${observer.dataDir}-aside`;
  /** Puts a file where the store has a folder. Permissions would not do: they do not bind a superuser. */
  const breakFolder = (path: string): void => {
    renameSync(path, aside());
    writeFileSync(path, '');
  };
  const mendFolder = (path: string): void => {
    rmSync(path);
    renameSync(aside(), path);
  };
  const idsOf = async (): Promise<readonly string[]> => (await observer.list()).map(({ id }) => id);

  beforeEach(async () => {
    observer = await startObserver();
    app = observer.target();
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register(registration('before'));
    await observer.notify();
  });
  afterEach(() => observer.stop());

  const reading = [
    ['GET', '/register', undefined],
    ['GET', '/register/before', undefined],
    ['GET', '/admin/export', undefined],
  ] as const;
  const writing = (): readonly (readonly [string, string, unknown])[] => [
    ['POST', '/register', registration('lost')],
    ['POST', '/register', registration('before')],
    ['DELETE', '/register/before', undefined],
    ['DELETE', '/admin/flush', undefined],
    ['POST', '/admin/import', { mq_requests: [registration('lost')] }],
  ];
  const expectUnavailable = async ([method, path, json]: readonly [
    string,
    string,
    unknown,
  ]): Promise<void> => {
    const reply = await observer.send(method, path, { json });
    expect(`${method} ${path} ${reply.status}`).toBe(`${method} ${path} 503`);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:unavailable', status: 503 });
    expect(reply.text).not.toContain(observer.dataDir);
  };

  it('case 54: that is gone: everything is answered 503 with when to try again, nothing with a success', async () => {
    breakFolder(observer.dataDir);
    for (const call of [...writing(), ...reading]) await expectUnavailable(call);
    expect((await observer.send('POST', '/notify')).status).toBe(200);
    mendFolder(observer.dataDir);
    expect(await idsOf()).toEqual(['before']);
  });

  it('case 54: that takes no writes: what would write is answered 503, and nothing has changed', async () => {
    const temporary = join(observer.dataDir, '.tmp');
    breakFolder(temporary);
    for (const call of writing()) await expectUnavailable(call);
    for (const [method, path] of reading) expect((await observer.send(method, path)).status).toBe(200);
    expect(await idsOf()).toEqual(['before']);
    mendFolder(temporary);
    expect(await idsOf()).toEqual(['before']);
    await observer.register(registration('after'));
    expect((await idsOf()).length).toBe(2);
  });

  it.each(['', '.tmp', 'mq-observer/leases', 'mq-observer/registrations'])(
    'case 54: a cycle that cannot start answers 503, and the same event runs once it can: without data/%s',
    async (name) => {
      const headers = { 'ce-id': '1', 'ce-source': 'cron' };
      const path = join(observer.dataDir, name);
      breakFolder(path);
      for (const cycle of ['notify-cycle', 'restore-cycle', 'persist']) {
        const reply = await observer.send('POST', `/functions/${cycle}`, { headers });
        expect(`${cycle} ${reply.status}`).toBe(`${cycle} 503`);
      }
      expect(app.wakeUps.length).toBe(1);
      mendFolder(path);
      expect((await observer.notify(headers)).outcome).toBe('completed');
      expect(app.wakeUps.length).toBe(2);
    },
  );

  it('a cycle that cannot store what it learned says so, and is answered all the same', async () => {
    const release = app.hold();
    const woken = app.wakeUps.length + 1;
    const running = observer.notify();
    await vi.waitFor(() => expect(app.wakeUps.length).toBe(woken), 10_000);
    writeFileSync(join(observer.dataDir, 'mq-observer', 'state'), '');
    release({ status: 400 });
    const report = await running;
    expect(report.outcome).toBe('partial');
    expect(report.problems?.join()).toMatch(/what was learned was not stored \(shard .\)/);
    expect(report.decisions).toMatchObject([{ id: 'before', reason: 'failed' }]);
  });
});

describe('a stored registration that is damaged', () => {
  let observer: Observer;
  let notify: string;
  let key: string;
  const fields = (id: string): object => ({ id, qmgr: 'QM1', queue: QUEUE, notify });

  beforeEach(async () => {
    observer = await startObserver();
    notify = observer.target().url;
    for (const id of ['A', 'B']) await observer.register(fields(id));
    const { objects } = await observer.objects.list('mq-observer/registrations/');
    key = objects.find((one) => one.key.endsWith('/A.json'))?.key ?? 'not found';
    await observer.objects.put(key, '{"half":');
  });
  afterEach(() => observer.stop());

  it('costs itself only, and is told by its key', async () => {
    observer.mq.put('QM1', QUEUE, 1);
    expect((await observer.list()).map(({ id }) => id)).toEqual(['B']);
    const named = key.replace('mq-observer/', '');
    const own = await observer.send('GET', '/register/A');
    expect(own).toMatchObject({ status: 503, json: { detail: expect.stringContaining(named) as string } });
    const report = await observer.notify();
    expect(report.outcome).toBe('partial');
    expect(report.registrations).toMatchObject({ total: 2, damaged: [named] });
    expect(report.decisions).toMatchObject([{ id: 'B', reason: 'woken' }]);
    expect(report.problems?.join()).toContain(named);
  });

  it('is repaired by registering it again', async () => {
    await observer.register(fields('A'));
    expect((await observer.list()).map(({ id }) => id).toSorted()).toEqual(['A', 'B']);
  });

  it('is repaired by an import', async () => {
    const reply = await observer.importAll([fields('A'), fields('B')]);
    expect(reply.json).toMatchObject({ imported: 0, existing: 1, repaired: 1 });
    expect((await observer.list()).map(({ id }) => id).toSorted()).toEqual(['A', 'B']);
  });

  it('can be unregistered, too', async () => {
    expect((await observer.send('DELETE', '/register/A')).status).toBe(200);
    expect((await observer.notify()).registrations).toMatchObject({ total: 1, damaged: [] });
  });
});
