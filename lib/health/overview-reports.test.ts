import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObjectStoreError } from '../object-store/object-store.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import type { StoredReport } from '../store/reports.ts';
import { RUNS_MAX } from './overview.ts';
import { readRuns } from './overview-reports.ts';

const STARTED = '2026-11-22T12:00:00.000Z';
const reading = (report: unknown, recent: readonly unknown[] = []) =>
  // Only these two are read, and they may be anything.
  readRuns({ read: async () => ({ report, recent }) as StoredReport }, 'notify');

describe('the stored runs', () => {
  it('are the last report and those before it, as many as are shown', async () => {
    const recent = Array.from({ length: RUNS_MAX + 5 }, () => ({ started: STARTED, outcome: 'completed' }));
    const runs = await reading(
      { started: STARTED, outcome: 'partial', duration_ms: 12, problems: ['x'] },
      recent,
    );
    expect(runs.length).toBe(RUNS_MAX);
    expect(runs[0]).toMatchObject({ cycle: 'notify', outcome: 'partial', duration_ms: 12, problems: ['x'] });
  });

  it('tell the depth of a pattern as the sum over its queues', async () => {
    const decisions = [
      { id: 'one', reason: 'woken', depth: 4 },
      { id: 'pattern', reason: 'woken', depth: 4, depth_sum: 9 },
      { id: 'unread', reason: 'queue_manager_error', depth: null, detail: 'not reached' },
    ];
    const [run] = await reading({ started: STARTED, decisions });
    expect([...(run?.decisions ?? [])]).toEqual([
      ['one', { reason: 'woken', depth: 4, detail: null, at: STARTED }],
      ['pattern', { reason: 'woken', depth: 9, detail: null, at: STARTED }],
      ['unread', { reason: 'queue_manager_error', depth: null, detail: 'not reached', at: STARTED }],
    ]);
  });

  it.each([[null], ['text'], [{}], [{ started: 5 }], [{ started: 'yesterday' }]])(
    'leave out what is no report: %j',
    async (report) => expect(await reading(report)).toEqual([]),
  );

  it('take of a report what is of its form', async () => {
    const queueManagers = [{ qmgr: 5 }, null, { qmgr: 'QM1', outcome: 7, queues: -1, warnings: ['w', 3] }];
    const report = { started: STARTED, duration_ms: 'x', problems: [1, 'p'], queue_managers: queueManagers };
    expect(await reading({ ...report, decisions: ['x', { id: 'a' }, { reason: 'woken' }] })).toMatchObject([
      {
        ...{ duration_ms: 0, outcome: 'unknown', problems: ['p'] },
        queueManagers: [{ qmgr: 'QM1', outcome: 'unknown', queues: 0, error: null, warnings: ['w'] }],
        decisions: new Map(),
      },
    ]);
  });

  it('are read without an exception, whatever is stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.array(fc.anything(), { maxLength: 3 }), async (report, recent) => {
        expect((await reading(report, recent)).length).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('are none where the report is damaged; a store that is down is not hidden', async () => {
    const failing = (error: Error) => {
      const read = async (): Promise<never> => {
        throw error;
      };
      return readRuns({ read }, 'notify');
    };
    expect(await failing(new DamagedObjectError('reports/notify.json', 'not JSON'))).toEqual([]);
    await expect(failing(new ObjectStoreError('unavailable', 'x'))).rejects.toThrow(ObjectStoreError);
  });
});
