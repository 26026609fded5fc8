import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../platform/configuration/configuration.ts';
import { DamagedObjectError } from '../../store/store-context.ts';
import { aRun, createMovedClock, NO_LOOK, reportsOf, START_MS } from '../health-test-support.ts';
import { readStoredReports, type CycleLook } from '../stored-reports.ts';
import { configurationIndicator } from './configuration.ts';
import { cycleIndicator } from './cycle.ts';
import { damageIndicator } from './damage.ts';
import { egressIndicator } from './egress.ts';
import { outboxIndicator } from './outbox.ts';
import { queueManagerIndicators } from './queue-managers.ts';

const MINUTE_MS = 60_000;

describe('a cycle', () => {
  const statusAfter = async (ms: number, look: CycleLook, schedule: Schedule) => {
    const clock = { ...createMovedClock(), nowMs: () => START_MS + ms };
    const reports = async () => reportsOf({ notify: look });
    return cycleIndicator({ cycle: 'notify', schedule, reports, clock }).check();
  };
  const ran: CycleLook = { ...NO_LOOK, last: aRun() };
  const everyFive: Schedule = { kind: 'every', intervalMs: 5 * MINUTE_MS };
  // On Sundays at noon, and START_MS is one: the third tick is three weeks off.
  const sundays: Schedule = { kind: 'cron', expression: '0 12 * * 0' };

  it.each([
    ['an interval', everyFive, 15 * MINUTE_MS],
    ['a cron expression of five fields', { kind: 'cron', expression: '*/5 * * * *' }, 15 * MINUTE_MS],
    ['a cron expression of six fields', { kind: 'cron', expression: '*/30 * * * * *' }, 1.5 * MINUTE_MS],
    ['a cron expression that leaves out days', sundays, 21 * 24 * 60 * MINUTE_MS],
  ] as const)(
    'with %s is UP until three ticks and a run have passed, and then DOWN',
    async (_what, schedule, dueMs) => {
      const lastMs = dueMs + 2 * MINUTE_MS;
      expect(await statusAfter(lastMs, ran, schedule)).toMatchObject({ status: 'UP' });
      expect(await statusAfter(lastMs + 1, ran, schedule)).toMatchObject({ status: 'DOWN' });
    },
  );

  it('is INIT before its first report', async () => {
    expect(await statusAfter(1e9, NO_LOOK, everyFive)).toMatchObject({ status: 'INIT' });
  });

  it('is DOWN when its last run failed, its report is damaged, or its schedule never comes', async () => {
    const failed = { ...NO_LOOK, last: aRun({ outcome: 'failed' }) };
    const never: Schedule = { kind: 'cron', expression: '0 0 30 2 *' };
    const damaged = { ...NO_LOOK, damagedKey: 'reports/notify.json' };
    expect(await statusAfter(0, failed, everyFive)).toMatchObject({ status: 'DOWN' });
    expect(await statusAfter(0, ran, never)).toMatchObject({ status: 'DOWN' });
    expect(await statusAfter(0, damaged, everyFive)).toMatchObject({ status: 'DOWN' });
  });

  it('is UP when it did part of its work, and shows what it said', async () => {
    const partial = { ...NO_LOOK, last: aRun({ outcome: 'partial', problems: ['not read: QM2'] }) };
    expect(await statusAfter(0, partial, everyFive)).toMatchObject({
      status: 'UP',
      details: { outcome: 'partial', problems: ['not read: QM2'], duration_ms: 1_500 },
    });
  });
});

it('each queue manager is as the last notify cycle found it', async () => {
  const queueManagers = [
    { qmgr: 'QM1', isUp: true, durationMs: 40, error: undefined },
    { qmgr: 'QM2', isUp: false, durationMs: 10_000, error: 'it did not answer' },
  ];
  const reports = async () => reportsOf({ notify: { ...NO_LOOK, last: aRun({ queueManagers }) } });
  const found = await queueManagerIndicators(reports).checkAll();
  expect([...found.keys()]).toEqual(['QM1', 'QM2']);
  expect(found.get('QM1')).toMatchObject({ status: 'UP' });
  expect(found.get('QM2')).toMatchObject({ status: 'DOWN', details: { reason: 'it did not answer' } });
  expect([...(await queueManagerIndicators(async () => reportsOf()).checkAll())]).toEqual([]);
});

it('damage is named by key, each once, whoever found it', async () => {
  const damaged = ['registrations/00/x.json'];
  const reports = reportsOf({
    notify: { ...NO_LOOK, last: aRun({ damaged }) },
    restore: { ...NO_LOOK, damagedKey: 'reports/restore.json' },
    persist: { ...NO_LOOK, last: aRun({ damaged }) },
  });
  const finding = await damageIndicator(async () => reports).check();
  expect(finding).toMatchObject({
    status: 'DOWN',
    details: { count: 2, objects: [{ key: 'registrations/00/x.json' }, { key: 'reports/restore.json' }] },
  });
  expect(await damageIndicator(async () => reportsOf()).check()).toEqual({ status: 'UP' });
});

it.each([
  [15, 'UP'],
  [15.001, 'DOWN'],
])('an event that has waited %d minutes leaves the outbox %s', async (minutes, status) => {
  const backlogs = async () => [
    { endpoint: 'idle', pending: 0, oldestMs: undefined },
    { endpoint: 'audit', pending: 2, oldestMs: START_MS - minutes * MINUTE_MS },
  ];
  expect(await outboxIndicator({ backlogs }, createMovedClock()).check()).toMatchObject({
    status,
    details: { endpoints: [{ endpoint: 'idle' }, { endpoint: 'audit', pending: 2 }] },
  });
});

it('the egress guard is DOWN with what is wrong with it', async () => {
  expect(await egressIndicator(async () => undefined).check()).toEqual({ status: 'UP' });
  expect(await egressIndicator(async () => 'a request got past it').check()).toEqual({
    status: 'DOWN',
    details: { reason: 'a request got past it' },
  });
});

it('the configuration is UP, and shows its remarks', async () => {
  expect(await configurationIndicator([]).check()).toEqual({ status: 'UP' });
  expect(await configurationIndicator(['X has no effect']).check()).toMatchObject({
    status: 'UP',
    details: { warnings: ['X has no effect'] },
  });
});

describe('stored reports', () => {
  const NOTHING_STORED = { format: 1, fence: 0, memory: {}, recent: [] } as const;
  const read = (report: unknown, counters: Readonly<Record<string, number>> = {}) =>
    readStoredReports({ read: async () => ({ ...NOTHING_STORED, report, counters }) });

  it.each([null, 'x', 7, [], {}, { started: 'soon' }, { started: 5 }])('%j is none', async (report) => {
    expect((await read(report)).notify.last).toBeUndefined();
  });

  it('lose what is not of its form, and nothing else', async () => {
    const { notify } = await read(
      {
        started: '2026-11-22T12:00:00.000Z',
        duration_ms: 'long',
        outcome: 'partial',
        problems: ['one', 2],
        registrations: { total: 3, active: 2, quarantined: -1, damaged: ['k', 5] },
        queue_managers: [null, { qmgr: 7 }, { qmgr: 'QM1', outcome: 'ok', duration_ms: 4, error: null }],
      },
      { cycles: 2, broken: Number.NaN },
    );
    expect(notify).toEqual({
      last: {
        startedMs: START_MS,
        durationMs: 0,
        outcome: 'partial',
        problems: ['one'],
        damaged: ['k'],
        registrations: { total: 3, active: 2 },
        queueManagers: [{ qmgr: 'QM1', isUp: true, durationMs: 4, error: undefined }],
      },
      counters: { cycles: 2 },
      damagedKey: undefined,
    });
  });

  it('that are damaged are named; a store that cannot be used ends the reading', async () => {
    const damaged = async () => Promise.reject(new DamagedObjectError('reports/notify.json', 'x'));
    expect((await readStoredReports({ read: damaged })).notify).toEqual({
      ...NO_LOOK,
      damagedKey: 'reports/notify.json',
    });
    const unusable = async () => Promise.reject(new Error('no store'));
    await expect(readStoredReports({ read: unusable })).rejects.toThrow('no store');
  });
});
