import { describe, expect, it, onTestFinished } from 'vitest';
import { startCodeEngineSimulator, type CodeEngineSimulator } from '../code-engine-simulator.ts';
import { callApi } from '../testing/api-caller.ts';
import type { RunHandler, RunInstance } from './run-handler.ts';

async function started(onRun: RunHandler): Promise<CodeEngineSimulator> {
  const simulator = await startCodeEngineSimulator({
    onRun,
    plan: { pendingMs: 0 },
    projects: [{ id: 'p1', name: 'one', region: 'eu-de', jobs: { 'my-job': { run_arguments: ['a'] } } }],
  });
  onTestFinished(() => simulator.close());
  return simulator;
}

const create = (simulator: CodeEngineSimulator, more: object = {}) =>
  callApi(simulator, '/projects/p1/job_runs', { body: { job_name: 'my-job', name: 'r', ...more } });
const status = (simulator: CodeEngineSimulator) => simulator.runs('p1')[0]?.status;

describe('a handler of runs', () => {
  it('does the work of each instance, with what Code Engine gives it', async () => {
    const seen: RunInstance[] = [];
    const simulator = await started(async (instance) => void seen.push(instance));
    const run_env_variables = [
      { type: 'literal', name: 'ID', value: 'x' },
      { type: 'secret_full_reference', reference: 's' },
    ];
    await create(simulator, { run_env_variables, scale_array_spec: '2-3' });
    await expect.poll(() => status(simulator)).toBe('completed');
    expect(seen.map(({ index }) => index)).toEqual([2, 3]);
    expect(seen[0]).toMatchObject({
      ...{ job: 'my-job', run: 'r', project: 'p1', region: 'eu-de', arguments: ['a'], commands: [] },
      env: {
        ...{ ID: 'x', CE_PROJECT_ID: 'p1', CE_REGION: 'eu-de', CE_JOB: 'my-job', CE_JOBRUN: 'r' },
        ...{ JOB_INDEX: '2', JOB_ARRAY_SIZE: '2' },
      },
    });
  });

  it('makes the run last as long as it does, and fail where it fails', async () => {
    const fail: ((error: Error) => void)[] = [];
    const simulator = await started(() => new Promise((_, reject) => fail.push(reject)));
    await create(simulator);
    await expect.poll(() => status(simulator)).toBe('running');
    fail[0]?.(new Error('no'));
    await expect.poll(() => status(simulator)).toBe('failed');
  });

  it('that throws before it begins has failed', async () => {
    const simulator = await started(() => {
      throw new Error('at once');
    });
    await create(simulator);
    await expect.poll(() => status(simulator)).toBe('failed');
  });

  it.each<readonly [string, (simulator: CodeEngineSimulator) => unknown]>([
    ['it is deleted', (running) => callApi(running, '/projects/p1/job_runs/r', { method: 'DELETE' })],
    ['it is ended by hand', (running) => running.finishRun('p1', 'r')],
    ['its project goes', (running) => running.removeProject('p1')],
    ['the simulator closes', (running) => running.close()],
  ])('is told when %s', async (_, end) => {
    let signal: AbortSignal | undefined;
    const simulator = await started((instance) => {
      ({ signal } = instance);
      return new Promise((resolve) => instance.signal.addEventListener('abort', () => resolve()));
    });
    await create(simulator);
    await expect.poll(() => signal?.aborted).toBe(false);
    await end(simulator);
    await expect.poll(() => signal?.aborted).toBe(true);
  });

  it('of a run that was deleted changes nothing in one that has its name now', async () => {
    const finish: (() => void)[] = [];
    const simulator = await started(() => new Promise((resolve) => finish.push(resolve)));
    await create(simulator);
    await callApi(simulator, '/projects/p1/job_runs/r', { method: 'DELETE' });
    await create(simulator);
    await expect.poll(() => finish.length).toBe(2);
    finish[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(status(simulator)).toBe('running');
    finish[1]?.();
    await expect.poll(() => status(simulator)).toBe('completed');
  });
});
