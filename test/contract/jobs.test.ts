import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  startCodeEngineSimulator,
  type CodeEngineSimulator,
} from '../../local/simulators/code-engine/code-engine-simulator.ts';
import { startObserver, type Observer } from '../support/observer.ts';

const QUEUE = 'DEV.QUEUE.1';
let engine: CodeEngineSimulator;
let observer: Observer;

beforeAll(async () => {
  engine = await startCodeEngineSimulator({
    regions: ['eu-de', 'us-south'],
    projects: [
      { id: 'near-id', name: 'near', region: 'eu-de', jobs: { other: {} } },
      { id: 'far-id', name: 'far', region: 'us-south', jobs: { consumer: { runMs: Infinity } } },
    ],
  });
  observer = await startObserver({
    env: {
      CE_API_ENDPOINT: engine.apiEndpoint,
      CE_auth_endpoint: engine.iamUrl,
      ce_apikey: 'api-key',
      regions: 'eu-de,us-south',
    },
  });
});
afterAll(async () => {
  await observer.stop();
  await engine.close();
});
beforeEach(async () => {
  await observer.reset();
  engine.clearFaults();
  for (const { name, status } of engine.runs('far-id'))
    if (status !== 'completed') engine.finishRun('far-id', name);
  engine.clearJournal();
  observer.mq.put('QM1', QUEUE, 3);
});

const register = (more: object = {}) =>
  observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: 'consumer', ...more });
const starts = () =>
  engine.journal().filter(({ method, target }) => method === 'POST' && target.includes('/job_runs'));

describe('a job', () => {
  it('case 45: is started in the region where it is, with the five values', async () => {
    await register();
    const report = await observer.notify();
    expect(report.decisions).toEqual([
      { id: 'A', reason: 'woken', depth: 3, attempts: 1, run: expect.stringMatching(/^mqo-/) as string },
    ]);
    expect(starts()).toHaveLength(1);
    expect(starts()[0]?.target).toContain('/us-south/v2/projects/far-id/job_runs');
    expect(JSON.parse(starts()[0]?.body ?? '')).toMatchObject({
      job_name: 'consumer',
      run_env_variables: expect.arrayContaining([
        { type: 'literal', name: 'CE_QMGR', value: 'QM1' },
        { type: 'literal', name: 'CE_QUEUE', value: QUEUE },
        { type: 'literal', name: 'CE_DEPTH', value: '3' },
        { type: 'literal', name: 'ID', value: 'A' },
        { type: 'literal', name: 'notification', value: 'messages found on queue' },
      ]) as unknown,
    });
  });

  it('is not started again while it runs, and is when it has ended', async () => {
    await register();
    const { decisions } = await observer.notify();
    expect((await observer.notify()).decisions).toMatchObject([
      { id: 'A', reason: 'job_running', detail: expect.stringContaining(decisions[0]?.run ?? '?') as string },
    ]);
    expect(starts()).toHaveLength(1);
    engine.finishRun('far-id', decisions[0]?.run ?? '');
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'woken' }]);
    expect(starts()).toHaveLength(2);
  });

  it('is started as large as the depth wants it', async () => {
    await register({ job: { messages_per_instance: 2, max_instances: 5 } });
    await observer.notify();
    expect(JSON.parse(starts()[0]?.body ?? '')).toMatchObject({ scale_array_spec: '0-1' });
  });

  it('case 46: that is nowhere is a failure', async () => {
    await register({ notify: 'nobody' });
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'failed' }]);
    expect(await observer.find('A')).toMatchObject({ failcount: 1 });
  });

  it('case 47: whose start fails is a failure, after its attempts', async () => {
    await register();
    engine.addFault({ fault: 'status:500', operation: 'createJobRun' });
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'failed', attempts: 3 }]);
    expect(engine.runs('far-id').filter(({ status }) => status === 'running')).toEqual([]);
  });

  it('case 48: is found although another region is down', async () => {
    engine.setRegion('eu-de', 'unavailable');
    await register({ id: 'B', notify: 'us-south/far/consumer' });
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'B', reason: 'woken' }]);
    engine.setRegion('eu-de', 'up');
  });

  it('is not to blame when its project is full', async () => {
    const jobs = { consumer: { runMs: Infinity }, other: { runMs: Infinity } };
    const full = await startCodeEngineSimulator({
      projects: [{ id: 'full-id', name: 'full', region: 'eu-de', jobs }],
      runsMax: 1,
    });
    const crowded = await startObserver({
      env: {
        CE_API_ENDPOINT: full.apiEndpoint,
        CE_auth_endpoint: full.iamUrl,
        ce_apikey: 'api-key',
        regions: 'eu-de',
      },
    });
    try {
      crowded.mq.put('QM1', QUEUE, 1);
      await crowded.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: 'other' });
      expect((await crowded.notify()).decisions).toMatchObject([{ id: 'A', reason: 'woken' }]);
      await crowded.register({ id: 'B', qmgr: 'QM1', queue: QUEUE, notify: 'consumer' });
      const { decisions } = await crowded.notify();
      expect(decisions.find(({ id }) => id === 'B')).toMatchObject({
        reason: 'job_running',
        detail: expect.stringContaining('the project holds as many runs as it may') as string,
      });
      expect(await crowded.find('B')).toMatchObject({ failcount: 0 });
    } finally {
      await crowded.stop();
      await full.close();
    }
  });

  it.each([
    ['are refused', { ce_apikey: 'wrong' }, 'API key'],
    ['do not reach IAM', { CE_auth_endpoint: 'http://127.0.0.1:1' }, 'IAM gave no complete answer'],
  ])('is not to blame when we %s', async (_, env, words) => {
    const stranger = await startObserver({
      env: {
        CE_API_ENDPOINT: engine.apiEndpoint,
        CE_auth_endpoint: engine.iamUrl,
        ce_apikey: 'api-key',
        regions: 'us-south',
        ...env,
      },
    });
    try {
      stranger.mq.put('QM1', QUEUE, 1);
      await stranger.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: 'consumer' });
      expect((await stranger.notify()).decisions).toMatchObject([
        { id: 'A', reason: 'misconfigured', detail: expect.stringContaining(words) as string },
      ]);
      expect(await stranger.find('A')).toMatchObject({ failcount: 0 });
    } finally {
      await stranger.stop();
    }
  });
});
