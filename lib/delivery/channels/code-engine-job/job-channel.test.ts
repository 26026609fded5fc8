import { describe, expect, it } from 'vitest';
import {
  aChannel,
  aLog,
  apiError,
  aProject,
  attempt,
  aWakeUp,
  createFakeCodeEngine,
  failing,
  networkError,
  type FakeCodeEngine,
} from './code-engine-test-support.ts';
import { runNameOf } from './run-plan.ts';

const HOUR_MS = 3_600_000;

const runsOf = ({ projects }: FakeCodeEngine) => projects.flatMap(({ runs }) => runs);
const namesOf = (fake: FakeCodeEngine) => runsOf(fake).map(({ name }) => name);
const endAll = (fake: FakeCodeEngine, status = 'completed'): void => {
  for (const run of runsOf(fake)) run.status = status;
};

describe('a wake-up', () => {
  it('starts one run of the job, with what it is told', async () => {
    const fake = createFakeCodeEngine();
    const wakeUp = aWakeUp({ depth: 25, job: { messages_per_instance: 10 } });
    await expect(attempt(aChannel(fake), wakeUp)).resolves.toEqual({
      kind: 'accepted',
      run: runNameOf(wakeUp),
    });
    expect(runsOf(fake)).toMatchObject([
      { name: runNameOf(wakeUp), job_name: 'orders', sent: { scaleArraySpec: '0-2' } },
    ]);
  });

  it('that is repeated starts no other run, whether or not that one has ended', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    const first = await attempt(channel);
    await expect(attempt(channel)).resolves.toEqual(first);
    endAll(fake);
    await expect(attempt(channel)).resolves.toEqual(first);
    expect(runsOf(fake)).toHaveLength(1);
  });

  it('of two cycles that overlap starts one run', async () => {
    const fake = createFakeCodeEngine();
    const results = await Promise.all([aChannel(fake), aChannel(fake)].map(async (one) => attempt(one)));
    expect(results).toEqual([results[0], results[0]]);
    expect(results[0]).toMatchObject({ kind: 'accepted' });
    expect(runsOf(fake)).toHaveLength(1);
    // Both looked before either started: the API itself decided.
    expect(fake.calls.filter(({ method }) => method === 'createJobRun')).toHaveLength(2);
  });

  it.each(['https://example.com/', 'nats:subject'])('for %s is not its business', async (notify) => {
    await expect(attempt(aChannel(createFakeCodeEngine()), aWakeUp({ notify }))).resolves.toMatchObject({
      kind: 'impossible',
    });
  });
});

describe('an earlier run of the registration', () => {
  const next = aWakeUp({ lastWokenAtMs: 1 });

  it.each(['pending', 'running', 'unheard_of'])('that is %s holds back the next one', async (status) => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    await attempt(channel);
    endAll(fake, status);
    await expect(attempt(channel, next)).resolves.toEqual({
      kind: 'held',
      reason: 'job_running',
      message: `run ${runNameOf(aWakeUp())} is ${status}`,
    });
    expect(runsOf(fake)).toHaveLength(1);
  });

  it('in a state that is unheard of holds nothing back after two hours', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    await attempt(channel);
    endAll(fake, 'unheard_of');
    fake.clock.advance(2 * HOUR_MS);
    await expect(attempt(channel, next)).resolves.toMatchObject({ kind: 'accepted' });
  });

  it('does not hold back one that wants to start meanwhile', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    await attempt(channel);
    const wakeUp = aWakeUp({ lastWokenAtMs: 1, job: { while_running: 'start' } });
    await expect(attempt(channel, wakeUp)).resolves.toMatchObject({ kind: 'accepted' });
    expect(runsOf(fake)).toHaveLength(2);
  });

  it.each(['completed', 'failed'])('that has %s makes way for the next one', async (status) => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    await attempt(channel);
    endAll(fake, status);
    await expect(attempt(channel, next)).resolves.toMatchObject({ kind: 'accepted' });
    expect(namesOf(fake)).toEqual([runNameOf(next)]);
  });

  it('of somebody else, or of another registration, is left alone and holds nothing back', async () => {
    const runs = [
      { name: 'orders-jobrun-fji48', job_name: 'orders', status: 'running' },
      { name: 'mqo-by-hand', job_name: 'orders', status: 'completed' },
      { name: runNameOf(aWakeUp({ id: 'other' })), job_name: 'orders', status: 'completed' },
    ];
    const fake = createFakeCodeEngine([aProject({ runs })]);
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({ kind: 'accepted' });
    expect(namesOf(fake)).toEqual([...runs.map(({ name }) => name), runNameOf(aWakeUp())]);
  });
});

describe('earlier runs that cannot be listed', () => {
  const refusal = apiError(503, 'Try later.', { headers: { 'retry-after': '7' } });

  it('count as running for two hours after a wake-up', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    const lastWokenAtMs = fake.clock.nowMs() - 2 * HOUR_MS + 1;
    fake.spoil('listJobRuns', failing(refusal), failing(refusal));
    await expect(attempt(channel, aWakeUp({ lastWokenAtMs }))).resolves.toEqual({
      kind: 'held',
      reason: 'job_running',
      message:
        'Code Engine in eu-de answered 503: some_code: Try later.; an earlier run counts as still running',
    });
    fake.clock.advance(1);
    await expect(attempt(channel, aWakeUp({ lastWokenAtMs }))).resolves.toMatchObject({
      kind: 'refused',
      mayPass: true,
      retryAfterMs: 7000,
    });
    expect(runsOf(fake)).toEqual([]);
  });

  it('count as running where the listing hangs, in time', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('listJobRuns', { kind: 'hang' });
    const wakeUp = aWakeUp({ lastWokenAtMs: fake.clock.nowMs() - 1 });
    await expect(attempt(aChannel(fake), wakeUp, { timeoutMs: 100 })).resolves.toMatchObject({
      kind: 'held',
    });
  });

  it('do not count as running where the last wake-up lies in the future', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('listJobRuns', failing(refusal));
    const lastWokenAtMs = fake.clock.nowMs() + 1;
    await expect(attempt(aChannel(fake), aWakeUp({ lastWokenAtMs }))).resolves.toMatchObject({
      kind: 'refused',
      mayPass: true,
    });
  });

  it('are a failure where nothing was woken yet', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('listJobRuns', failing(networkError('ECONNREFUSED')));
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({ kind: 'no-answer', code: 'connect' });
  });

  it('hold nothing back that wants to start meanwhile', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('listJobRuns', failing(refusal));
    const wakeUp = aWakeUp({ lastWokenAtMs: fake.clock.nowMs(), job: { while_running: 'start' } });
    await expect(attempt(aChannel(fake), wakeUp)).resolves.toMatchObject({ kind: 'accepted' });
  });
});

describe('ended runs', () => {
  it('that cannot be deleted are a warning, and nothing more', async () => {
    const fake = createFakeCodeEngine();
    const log = aLog();
    const channel = aChannel(fake, {}, log);
    await attempt(channel);
    endAll(fake);
    fake.spoil('deleteJobRun', failing(apiError(500, 'Not now.')));
    await expect(attempt(channel, aWakeUp({ lastWokenAtMs: 1 }))).resolves.toMatchObject({
      kind: 'accepted',
    });
    expect(log.warnings).toEqual([
      {
        message: 'ended job runs could not be deleted',
        region: 'eu-de',
        project: 'home-id',
        reason: 'Code Engine in eu-de answered 500: some_code: Not now.',
      },
    ]);
  });

  it('whose deletion hangs hold up a wake-up for a part of its time', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    await attempt(channel);
    endAll(fake);
    fake.spoil('deleteJobRun', { kind: 'hang' });
    const wakeUp = aWakeUp({ lastWokenAtMs: 1 });
    await expect(attempt(channel, wakeUp, { timeoutMs: 500 })).resolves.toMatchObject({ kind: 'accepted' });
  });
});
