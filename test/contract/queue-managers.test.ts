import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MqFault } from '../../local/simulators/mq/fault.ts';
import { startObserver, type Observer } from '../support/observer.ts';
import type { Target } from './wake-up-targets.ts';

const QUEUE = 'DEV.QUEUE.1';
const ODD_NAME = 'A.B/C%D';

let observer: Observer;
let app: Target;
const register = (id: string, more: object = {}) =>
  observer.register({ id, qmgr: 'QM1', queue: QUEUE, notify: app.url, ...more });

describe('a queue manager', () => {
  beforeAll(async () => {
    observer = await startObserver({
      queueManagers: [{ name: 'QM1' }, { name: 'QM2' }, { name: ODD_NAME }],
      env: { MQ_TIMEOUT: 'PT2S' },
    });
  });
  beforeEach(async () => {
    await observer.reset();
    app = observer.target();
  });
  afterAll(() => observer.stop());

  it('case 31: is asked over REST v1, signed in, with the header against forged requests', async () => {
    await register('A');
    await observer.notify();
    // The queue has no messages: what more is asked is whether it is there.
    expect(observer.mq.journal().slice(0, 1)).toMatchObject([
      {
        method: 'GET',
        target:
          '/ibmmq/rest/v1/admin/qmgr/QM1/queue?type=local&attributes=general.inhibitGet,general.isTransmissionQueue&status=status.currentDepth&filter=status.currentDepth:greaterThan:0',
        headers: {
          authorization: 'Basic ***',
          'ibm-mq-rest-csrf-token': expect.any(String) as string,
        },
      },
    ]);
  });

  it('case 31: is named as MQ wants it, each character encoded that is neither letter nor digit', async () => {
    await register('A', { qmgr: ODD_NAME });
    observer.mq.put(ODD_NAME, QUEUE, 1);
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
    expect(observer.mq.journal()[0]?.target).toMatch(/\/qmgr\/A%2EB%2FC%25D\/queue\?/);
  });

  it.each(['SYSTEM.AUTH.DATA.QUEUE', 'DEV.ALIAS', 'SYSTEM.DEFAULT.MODEL.QUEUE'])(
    'case 32: wakes nobody for %s who did not name it',
    async (queue) => {
      observer.mq.put('QM1', QUEUE, 1);
      await register('B', { queue: `${queue.slice(0, 3)}*` });
      await observer.notify();
      const woken = app.wakeUps.map(({ body }) => (JSON.parse(body) as Record<string, string>)['CE_QUEUE']);
      expect(woken).not.toContain(queue);
    },
  );

  it.each(['SYSTEM.AUTH.DATA.QUEUE', 'AMQ.REPLY.64F0C1E222B30540', 'DEV.ALIAS'])(
    'wakes for %s whoever named it: other than the original, which never does',
    async (queue) => {
      observer.mq.put('QM1', QUEUE, 1);
      await register('A', { queue });
      expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
    },
  );

  it('case 32, as the contract has it: only the prefix SYSTEM. is MQ’s own', async () => {
    observer.mq.put('QM1', 'PAYSYSTEM.IN', 1);
    await register('A', { queue: 'PAYSYSTEM.IN' });
    expect((await observer.notify()).decisions).toMatchObject([{ reason: 'woken' }]);
  });

  it.each<[string, MqFault]>([
    ['503', 'status:503'],
    ['401', 'status:401'],
    ['404', 'status:404'],
    ['a redirect', 'status:302'],
    ['HTML', 'html:200'],
    ['no JSON', 'notjson'],
    ['half of its JSON', 'truncate'],
    ['JSON of another shape', 'wrongShape'],
    ['a reset connection', 'reset'],
    ['nothing, ever', 'hang'],
  ])('case 34: that answers %s is an error of its own, and no failure of anybody', async (_name, fault) => {
    const other = observer.target();
    observer.mq.put('QM1', QUEUE, 1);
    observer.mq.put('QM2', QUEUE, 1);
    observer.mq.setFault('QM1', fault);
    await observer.importAll([
      { id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url, failcount: 1 },
      { id: 'B', qmgr: 'QM2', queue: QUEUE, notify: other.url },
    ]);
    const report = await observer.notify();
    expect(report.outcome).toBe('partial');
    expect(report.queue_managers).toMatchObject([
      { qmgr: 'QM1', outcome: 'error', queues: 0, error: expect.stringMatching('QM1') as string },
      { qmgr: 'QM2', outcome: 'ok', error: null },
    ]);
    expect(report.queue_managers[0]?.error).not.toContain('mqreader');
    expect(report.decisions).toMatchObject([
      { id: 'A', reason: 'queue_manager_error' },
      { id: 'B', reason: 'woken' },
    ]);
    expect([app.wakeUps.length, other.wakeUps.length]).toEqual([0, 1]);
    expect(await observer.find('A')).toMatchObject({ failcount: 1 });
  });

  it('case 35: that fails is asked once, not once for each of its registrations', async () => {
    observer.mq.setFault('QM1', 'status:503');
    await register('A');
    await register('B', { queue: 'DEV.QUEUE.2' });
    expect((await observer.notify()).decisions).toMatchObject([
      { reason: 'queue_manager_error' },
      { reason: 'queue_manager_error' },
    ]);
    expect(observer.mq.journal().length).toBe(1);
  });

  it('case 56: is not asked when nobody is registered, or nobody there is active', async () => {
    expect(await observer.notify()).toMatchObject({ outcome: 'completed', queue_managers: [] });
    await observer.importAll([
      { id: 'A', qmgr: 'QM1', queue: QUEUE, notify: app.url, failcount: 10, backoff: '2999-01-01T00:00:00Z' },
      { id: 'B', qmgr: 'QM1', queue: QUEUE, notify: app.url, state: 'retired' },
    ]);
    expect(await observer.notify()).toMatchObject({
      outcome: 'completed',
      registrations: { total: 2, active: 0, quarantined: 1 },
      queue_managers: [],
    });
    expect(observer.mq.journal()).toEqual([]);
  });

  it('is an error where its configuration is gone, and no failure of its registrations', async () => {
    await observer.importAll([{ id: 'A', qmgr: 'QM9', queue: QUEUE, notify: app.url }]);
    const report = await observer.notify();
    expect(report.queue_managers).toMatchObject([{ qmgr: 'QM9', outcome: 'error' }]);
    expect(report.decisions).toMatchObject([{ id: 'A', reason: 'queue_manager_error' }]);
  });
});
