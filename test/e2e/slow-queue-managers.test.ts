import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotifyReport } from '../../lib/cycle/report.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import type { Target } from '../contract/wake-up-targets.ts';
import { startObserver, type Observer } from '../support/observer.ts';

const QUEUE = 'DEV.QUEUE.1';
const HEALTHY = Array.from({ length: 20 }, (_, index) => `HEALTHY.${String(index + 1).padStart(2, '0')}`);
/** Answers after 10 s, long after `MQ_TIMEOUT`; never answers; has nobody listening. */
const TROUBLED = ['SLOW', 'DEAD.SILENT', 'DEAD.GONE'];
const MQ_TIMEOUT_MS = 2_000;

let mq: MqSimulator;
let observer: Observer;
const targets = new Map<string, Target>();

beforeAll(async () => {
  const names = [...HEALTHY, ...TROUBLED];
  mq = await startMqSimulator({ queueManagers: names.map((name) => ({ name, queues: { [QUEUE]: 1 } })) });
  mq.setFault('SLOW', 'slow:10000');
  mq.setFault('DEAD.SILENT', 'hang');
  const goneAt = await closedPort();
  const endpoints = names.map((qmgr) => ({
    QMGR: qmgr,
    MQ_REST_HOST: mq.restUrl,
    MQ_REST_PORT: String(qmgr === 'DEAD.GONE' ? goneAt : mq.restPort),
    ADMIN_USER: 'mqreader',
    ADMIN_PASSWORD: 'mqreader',
  }));
  observer = await startObserver({
    queueManagers: [],
    envFile: { MQ_ENDPOINTS: endpoints },
    env: { MQ_TIMEOUT: 'PT2S' },
  });
  for (const qmgr of names) {
    const target = observer.target();
    targets.set(qmgr, target);
    await observer.register({ id: qmgr, qmgr, queue: QUEUE, notify: target.url });
  }
});
afterAll(() => Promise.all([observer.stop(), mq.close()]));

describe('a slow queue manager and two dead ones beside twenty healthy ones', () => {
  let startedMs: number;
  let report: NotifyReport;

  beforeAll(async () => {
    startedMs = Date.now();
    report = await observer.notify();
  });

  it('do not hold up the others: their targets are woken within a second of the cycle’s start', () => {
    const delaysMs = HEALTHY.map((qmgr) => (targets.get(qmgr)?.wakeUps[0]?.atMs ?? Infinity) - startedMs);
    expect(Math.max(...delaysMs)).toBeLessThan(1_000);
    expect(HEALTHY.map((qmgr) => targets.get(qmgr)?.wakeUps.length)).toEqual(HEALTHY.map(() => 1));
  });

  it('wake nobody, and are errors in the report', () => {
    expect(TROUBLED.map((qmgr) => targets.get(qmgr)?.wakeUps.length)).toEqual([0, 0, 0]);
    const outcomes = new Map(report.queue_managers.map((line) => [line.qmgr, line.outcome]));
    expect(HEALTHY.map((qmgr) => outcomes.get(qmgr))).toEqual(HEALTHY.map(() => 'ok'));
    expect(TROUBLED.map((qmgr) => outcomes.get(qmgr))).toEqual(['error', 'error', 'error']);
    const reasons = new Map(report.decisions.map(({ id, reason, detail }) => [id, [reason, detail]]));
    expect(reasons.get('SLOW')).toEqual(['queue_manager_error', 'timeout']);
    expect(reasons.get('DEAD.SILENT')).toEqual(['queue_manager_error', 'timeout']);
    expect(reasons.get('DEAD.GONE')).toEqual(['queue_manager_error', 'unreachable']);
    expect(report).toMatchObject({
      outcome: 'partial',
      notifications: { due: 20, succeeded: 20, failed: 0, deferred: 0 },
    });
  });

  it('are waited for as long as MQ_TIMEOUT says, all at the same time', () => {
    expect(report.duration_ms).toBeGreaterThanOrEqual(MQ_TIMEOUT_MS);
    expect(report.duration_ms).toBeLessThan(2 * MQ_TIMEOUT_MS);
    expect(mq.journal().length).toBe(HEALTHY.length + 2);
  });

  it('do no harm to their registrations', async () => {
    expect((await observer.list()).map(({ failcount }) => failcount)).toEqual(
      [...HEALTHY, ...TROUBLED].map(() => 0),
    );
  });
});

/** A port that was free a moment ago. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 1));
    });
  });
}
