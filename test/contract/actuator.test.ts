import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import { missingPromtool, promtool } from '../support/promtool.ts';
import type { TestRequest } from './send-request.ts';

const ADMIN = 'admin-token-00000001';
const REGISTER = 'register-token-0001';
const as = (token: string): TestRequest => ({ headers: { authorization: `Bearer ${token}` } });
const admin = as(ADMIN);

let observer: Observer;
let fresh: Readonly<Record<string, unknown>>;

const get = (path: string, request: TestRequest = admin) => observer.send('GET', path, request);

beforeAll(async () => {
  observer = await startObserver({
    env: { ADMIN_TOKENS: ADMIN, REGISTER_TOKENS: REGISTER },
    queueManagers: [{ name: 'QM1', queues: { 'DEV.QUEUE.1': 3 } }, { name: 'QM2' }],
    envFile: {
      EVENT_ENDPOINTS: [
        {
          name: 'audit',
          url: 'http://127.0.0.1:9/events',
          headers: { Authorization: 'Bearer very-secret' },
          threshold: 1,
        },
      ],
    },
  });
  fresh = (await observer.send('GET', '/actuator/health', admin)).json;
  const { url: notify } = observer.target();
  for (const qmgr of ['QM1', 'QM2'])
    await observer.send('POST', '/register', { ...admin, json: { qmgr, queue: 'DEV.QUEUE.1', notify } });
  for (const cycle of ['notify-cycle', 'restore-cycle', 'persist'])
    expect((await observer.send('POST', `/functions/${cycle}`, admin)).status).toBe(200);
  // What was found before is shared for a second.
  await vi.waitFor(async () => expect((await get('/actuator/health')).status).toBe(200), 5_000);
});
afterAll(() => observer.stop());

describe('health', () => {
  it('is INIT before any cycle has run', () => {
    expect(fresh).toMatchObject({
      status: 'INIT',
      components: { process: { status: 'UP' }, store: { status: 'UP' }, 'cycle:notify': { status: 'INIT' } },
    });
  });

  it('is UP with all its components once they have', async () => {
    const reply = await get('/actuator/health');
    expect([reply.status, reply.json['status']]).toEqual([200, 'UP']);
    expect(Object.keys(reply.json['components'] as object)).toEqual([
      'process',
      'store',
      'configuration',
      'egress',
      'damage',
      'cycle:notify',
      'cycle:restore',
      'cycle:persist',
      'queue-manager:QM1',
      'queue-manager:QM2',
      'outbox',
    ]);
    expect(reply.json['components']).toMatchObject({
      store: { details: { kind: 'file', format: 1 } },
      'cycle:notify': { details: { started: expect.stringMatching(/Z$/) } },
    });
  });

  it.each(['', '/liveness', '/readiness', '/delivery', '/store', '/delivery/queue-managers'])(
    'tells %s to everybody, and no details',
    async (path) => {
      for (const request of [{}, as(REGISTER), as('wrong-token-00000000')]) {
        const reply = await get(`/actuator/health${path}`, request);
        expect([reply.status, reply.json['status']]).toEqual([200, 'UP']);
        expect(reply.text).not.toContain('details');
        expect(reply.text).not.toContain('QM');
      }
    },
  );

  it('names queue managers to administrators only', async () => {
    for (const path of ['/queue-manager:QM2', '/delivery/queue-manager:QM2']) {
      expect((await get(`/actuator/health${path}`, {})).status).toBe(404);
      expect((await get(`/actuator/health${path}`)).status).toBe(200);
    }
  });

  it('of a queue manager that cannot be read is DOWN, and so is delivery; readiness and liveness are not', async () => {
    observer.mq.setFault('QM2', 'status:503');
    await observer.send('POST', '/functions/notify-cycle', admin);
    await expect.poll(async () => (await get('/actuator/health/delivery')).status).toBe(503);
    const one = await get('/actuator/health/queue-manager:QM2');
    expect([one.status, one.json['status']]).toEqual([503, 'DOWN']);
    expect((await get('/actuator/health/queue-manager:QM1')).status).toBe(200);
    expect((await get('/actuator/health/readiness')).status).toBe(200);
    expect((await get('/actuator/health/liveness')).status).toBe(200);
    observer.mq.setFault('QM2', undefined);
    await observer.send('POST', '/functions/notify-cycle', admin);
    await expect.poll(async () => (await get('/actuator/health/delivery')).status).toBe(200);
  });
});

describe('what is not open', () => {
  const closed = ['/actuator/info', '/actuator/metrics', '/metrics', '/debug/vars', '/actuator/vars'];

  it.each(closed)('%s takes an admin token', async (path) => {
    expect((await get(path, {})).status).toBe(401);
    expect((await get(path, as(REGISTER))).status).toBe(403);
    const reply = await get(path);
    expect(reply.status).toBe(200);
    expect(reply.text).not.toMatch(/very-secret|admin-token|register-token/);
  });
});

it('info tells what runs, where, and how it is configured', async () => {
  const { json } = await get('/actuator/info');
  expect(json).toMatchObject({
    app: { name: 'mq-observer', version: expect.stringMatching(/^\d+\.\d+\.\d+/), commit: null },
    runtime: { node: process.version, mode: 'all' },
    configuration: { queue_managers: [{ qmgr: 'QM1' }, { qmgr: 'QM2' }] },
  });
});

it('/actuator/metrics gives the names, and each one by its name', async () => {
  const names = (await get('/actuator/metrics')).json['names'] as readonly string[];
  expect(names).toContain('mq_observer_notifications_total');
  const { json } = await get('/actuator/metrics/mq_observer_notifications_total?tag=outcome:succeeded');
  expect(json['measurements']).toMatchObject([{ statistic: 'COUNT' }]);
  expect((await get('/actuator/metrics/nope')).status).toBe(404);
});

it('/debug/vars has the shape of a registry', async () => {
  expect((await get('/debug/vars')).json).toMatchObject({
    registry: {
      notifications: {
        endpoints: [
          {
            name: 'audit',
            url: 'http://127.0.0.1:9/events',
            Headers: { authorization: ['***'] },
            Metrics: { Pending: expect.any(Number), Successes: 0, Failures: 0, Statuses: {} },
          },
        ],
      },
    },
  });
});

describe('/metrics', () => {
  it('shows what the cycles stored', async () => {
    const reply = await get('/metrics');
    expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = reply.text.split('\n');
    expect(lines).toContain('mq_observer_registrations{state="active"} 2');
    expect(lines).toContain('mq_observer_queue_manager_up{queue_manager="QM1"} 1');
    expect(lines).toContain('mq_observer_cycles_total{cycle="restore"} 1');
    expect(reply.text).toMatch(/^mq_observer_notifications_total\{outcome="succeeded"\} [1-9]/m);
  });

  it('counts the events that wait for an endpoint that cannot be reached', async () => {
    const { text } = await get('/metrics');
    expect(text).toMatch(/^mq_observer_endpoint_pending\{endpoint="audit"\} [1-9]/m);
    expect(text).toMatch(/^mq_observer_endpoint_errors_total\{endpoint="audit"\} [1-9]/m);
  });

  it.skipIf(missingPromtool !== undefined)("passes Prometheus' own checker", async () => {
    expect(promtool(['check', 'metrics'], (await get('/metrics')).text)).toBe('');
  });
});

it.each(['/actuator', '/actuator/', '/actuator/nope', '/actuator/health/nope', '/metrics/x', '/debug'])(
  '%s is not there',
  async (path) => {
    const reply = await get(path);
    expect(reply.status).toBe(404);
    expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:not-found' });
  },
);

it('only reading is possible', async () => {
  const posted = await observer.send('POST', '/actuator/health', admin);
  expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET, HEAD']);
  const head = await observer.send('HEAD', '/actuator/health', admin);
  expect([head.status, head.text]).toEqual([200, '']);
});

it('a damaged object makes it not ready, and is named with what mends it', async () => {
  const key = 'registrations/00/broken.json';
  await observer.objects.put(`mq-observer/${key}`, 'not a registration');
  await observer.send('POST', '/functions/notify-cycle', admin);
  await expect.poll(async () => (await get('/actuator/health/readiness')).status).toBe(503);
  expect((await get('/actuator/health/damage')).json).toMatchObject({
    status: 'DOWN',
    details: { count: 1, objects: [{ key, repair: 'register it again, or restore a backup' }] },
  });
  expect((await get('/actuator/health/liveness')).status).toBe(200);
});

it('a store that cannot be used makes it not ready, and leaves it alive', async () => {
  await observer.objects.put('mq-observer/meta.json', '{"format":99}');
  await expect.poll(async () => (await get('/actuator/health/readiness/store')).status).toBe(503);
  expect((await get('/actuator/health/store')).text).toContain('run the newer version');
  expect((await get('/actuator/health/liveness')).status).toBe(200);
});
