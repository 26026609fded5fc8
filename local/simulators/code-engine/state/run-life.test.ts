import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { startCodeEngineSimulator, type CodeEngineSimulator } from '../code-engine-simulator.ts';
import { callApi } from '../testing/api-caller.ts';

const DAY_MS = 86_400_000;
const START = '2026-01-01T00:00:00.000Z';

let clock: VirtualClock;
let simulator: CodeEngineSimulator;
beforeEach(async () => {
  clock = createVirtualClock(Date.parse(START));
  const jobs = {
    'my-job': { pendingMs: 1_000, runMs: 5_000 },
    failing: { pendingMs: 0, runMs: 1_000, fails: true },
    endless: { runMs: Number.POSITIVE_INFINITY, scale_max_execution_time: 60 },
    daemon: { runMs: Number.POSITIVE_INFINITY, run_mode: 'daemon' },
  };
  simulator = await startCodeEngineSimulator({
    clock,
    projects: [{ id: 'p1', name: 'one', region: 'eu-de', jobs }],
  });
});
afterEach(() => simulator.close());

const create = async (job: string, name: string, more: object = {}): Promise<number> =>
  (await callApi(simulator, '/projects/p1/job_runs', { body: { job_name: job, name, ...more } })).status;
const show = async (name: string): Promise<unknown> =>
  (await callApi(simulator, `/projects/p1/job_runs/${name}`)).value;

describe('a run', () => {
  it('is pending, then running, then completed', async () => {
    await create('my-job', 'r');
    expect(await show('r')).toMatchObject({ status: 'pending', status_details: { pending: 1 } });
    clock.advance(1_000);
    expect(await show('r')).toMatchObject({
      status: 'running',
      status_details: {
        pending: 0,
        running: 1,
        running_indices: '0',
        start_time: '2026-01-01T00:00:01.000Z',
      },
    });
    clock.advance(5_000);
    expect(await show('r')).toMatchObject({
      status: 'completed',
      status_details: {
        ...{ running: 0, succeeded: 1, succeeded_indices: '0', completion_time: '2026-01-01T00:00:06.000Z' },
        indices_details: {
          0: {
            status: 'succeeded',
            started_at: '2026-01-01T00:00:01.000Z',
            finished_at: '2026-01-01T00:00:06.000Z',
          },
        },
      },
    });
  });

  it('fails where its job does, and when it lasts too long unless it is a daemon', async () => {
    for (const job of ['failing', 'endless', 'daemon']) await create(job, job);
    clock.advance(61_000);
    const failed = (last_failure_reason: string) => ({
      status: 'failed',
      status_details: { failed: 1, indices_details: { 0: { status: 'failed', last_failure_reason } } },
    });
    expect(await show('failing')).toMatchObject(failed('Error'));
    expect(await show('endless')).toMatchObject(failed('DeadlineExceeded'));
    clock.advance(30 * DAY_MS);
    expect(await show('daemon')).toMatchObject({ status: 'running' });
  });

  it('of many instances ends with the last, and has failed when one has', async () => {
    await create('endless', 'r', { scale_array_spec: '0-3,7' });
    clock.advance(1_000);
    expect(simulator.finishRun('p1', 'r', 1)).toMatchObject({ status: 'running' });
    simulator.failRun('p1', 'r', 7, 'OOMKilled');
    expect(await show('r')).toMatchObject({
      status: 'running',
      status_details: {
        ...{ running: 3, running_indices: '0,2-3', succeeded: 1, succeeded_indices: '1' },
        ...{ failed: 1, failed_indices: '7' },
        indices_details: { 7: { last_failure_reason: 'OOMKilled' } },
      },
    });
    expect(simulator.finishRun('p1', 'r')).toMatchObject({ status: 'failed' });
    expect(() => simulator.failRun('p1', 'r')).toThrow('over already');
    expect(() => simulator.failRun('p1', 'r', 4)).toThrow('no instance 4');
    expect(() => simulator.failRun('p1', 'x')).toThrow('no run "x"');
  });

  it('can be ended before it has begun', async () => {
    await create('my-job', 'r');
    simulator.finishRun('p1', 'r');
    expect(await show('r')).toMatchObject({
      status: 'completed',
      status_details: { start_time: START, completion_time: START },
    });
  });

  it('is kept for a week after its end', async () => {
    await create('my-job', 'r');
    clock.advance(6_000 + 7 * DAY_MS - 1);
    expect(simulator.runs('p1')).toEqual([
      { name: 'r', job: 'my-job', status: 'completed', createdAtMs: Date.parse(START) },
    ]);
    clock.advance(1);
    expect(simulator.runs('p1')).toEqual([]);
  });

  it('that is deleted is gone later when the switch says so', async () => {
    simulator.setSwitches({ deleting: 'later' });
    await create('my-job', 'r');
    const remove = () => callApi(simulator, '/projects/p1/job_runs/r', { method: 'DELETE' });
    expect((await remove()).status).toBe(202);
    clock.advance(4_000);
    expect((await remove()).status).toBe(202);
    expect(await create('my-job', 'r')).toBe(409);
    clock.advance(1_000);
    expect(await create('my-job', 'r')).toBe(202);
  });
});

it('holds 100 runs of a project, however long they are over, until a week has passed', async () => {
  const statuses: number[] = [];
  for (let hour = 0; hour < 120; hour += 1) {
    statuses.push(await create('my-job', `r${hour}`));
    clock.advance(3_600_000);
  }
  expect(statuses.filter((status) => status === 202)).toHaveLength(100);
  expect(statuses.slice(100)).toEqual(Array.from({ length: 20 }, () => 403));
  clock.advance(3 * DAY_MS);
  expect(await create('my-job', 'after')).toBe(202);
});
