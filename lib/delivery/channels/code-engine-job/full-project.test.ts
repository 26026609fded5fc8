import { describe, expect, it } from 'vitest';
import {
  aChannel,
  apiError,
  aProject,
  attempt,
  aWakeUp,
  createFakeCodeEngine,
  failing,
  type FakeCodeEngine,
} from './code-engine-test-support.ts';
import { runNameOf } from './run-plan.ts';

const SPARED_MS = 180_000;

const runsOf = ({ projects }: FakeCodeEngine) => projects.flatMap(({ runs }) => runs);
const namesOf = (fake: FakeCodeEngine) => runsOf(fake).map(({ name }) => name);

describe('a full project', () => {
  const othersRun = (n: number) => ({ name: `other-${n}`, job_name: 'other', status: 'completed' });
  const oursRun = (n: number, status: string) => ({
    name: runNameOf(aWakeUp({ id: `registration-${n + 10}` })),
    job_name: 'bills',
    status,
    status_details: { completion_time: new Date(n * 1000).toISOString() },
  });

  it('is given room by deleting ended runs, ours only, the oldest first', async () => {
    const runs = [
      ...Array.from({ length: 20 }, (_, n) => othersRun(n)),
      ...Array.from({ length: 60 }, (_, n) => oursRun(n, 'completed')).toReversed(),
      ...Array.from({ length: 20 }, (_, n) => oursRun(100 + n, 'running')),
    ];
    const fake = createFakeCodeEngine([aProject({ jobs: ['orders', 'bills'], runs })]);
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({ kind: 'accepted' });
    const left = [
      ...Array.from({ length: 20 }, (_, n) => othersRun(n)),
      ...Array.from({ length: 10 }, (_, n) => oursRun(50 + n, 'completed')),
      ...Array.from({ length: 20 }, (_, n) => oursRun(100 + n, 'running')),
    ].map(({ name }) => name);
    expect(namesOf(fake).toSorted()).toEqual([...left, runNameOf(aWakeUp())].toSorted());
  });

  it('is given room once by all who meet it at the same time', async () => {
    const runs = Array.from({ length: 100 }, (_, n) => oursRun(n, 'completed'));
    const fake = createFakeCodeEngine([aProject({ jobs: ['orders', 'bills'], runs })]);
    const channel = aChannel(fake);
    const ids = ['a', 'b', 'c'];
    const results = await Promise.all(ids.map(async (id) => attempt(channel, aWakeUp({ id }))));
    expect(results.map(({ kind }) => kind)).toEqual(ids.map(() => 'accepted'));
    expect(fake.calls.filter(({ method }) => method === 'deleteJobRun')).toHaveLength(50);
  });

  it('holds a wake-up back where all runs are of others: nobody failed', async () => {
    const runs = Array.from({ length: 100 }, (_, n) => othersRun(n));
    const fake = createFakeCodeEngine([aProject({ runs })]);
    await expect(attempt(aChannel(fake))).resolves.toEqual({
      kind: 'held',
      reason: 'job_running',
      message: 'the project holds as many runs as it may, and none of ours has ended more than 3 minutes ago',
    });
    expect(runsOf(fake)).toHaveLength(100);
  });

  it('keeps runs of ours that ended less than three minutes ago', async () => {
    const fake = createFakeCodeEngine();
    const endedAtMs = fake.clock.nowMs();
    const run = { ...oursRun(0, 'completed'), status_details: { completion_time: isoOf(endedAtMs) } };
    const runs = [run, ...Array.from({ length: 99 }, (_, n) => othersRun(n))];
    fake.projects[0] = aProject({ jobs: ['orders', 'bills'], runs });
    const channel = aChannel(fake);
    fake.clock.advance(SPARED_MS - 1);
    await expect(attempt(channel)).resolves.toMatchObject({ kind: 'held' });
    expect(namesOf(fake)).toContain(run.name);
    fake.clock.advance(1);
    await expect(attempt(channel)).resolves.toMatchObject({ kind: 'accepted' });
    expect(namesOf(fake)).not.toContain(run.name);
  });
});

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

describe('what is said of a start', () => {
  const startWith = async (status: number, message: string, code = 'some_code') => {
    const fake = createFakeCodeEngine();
    const refusal = failing(apiError(status, message, { code }));
    fake.spoil('createJobRun', refusal, refusal);
    return attempt(aChannel(fake));
  };

  it.each([
    [403, 'You have reached the maximum number of job runs.'],
    [403, 'The limit of 100 runs is exceeded.'],
    [409, 'Job run quota exceeded.'],
    [429, 'Quota of runs.'],
    [400, 'The project holds 100 job runs, which is its quota.'],
    [422, 'The quota of job runs is used up.'],
    [503, 'The quota of job runs is used up.'],
  ])('means a full project: %i "%s"', async (status, message) => {
    await expect(startWith(status, message)).resolves.toMatchObject({ kind: 'held' });
  });

  it('means a full project where the code says what the words do not', async () => {
    await expect(startWith(403, 'No.', 'job_runs_quota_exceeded')).resolves.toMatchObject({ kind: 'held' });
  });

  it.each([
    [400, 'The number of instances of a job run exceeds the limit.'],
    [422, 'A run is described by at most 10 KiB, which is the maximum.'],
    [403, 'CPU quota exceeded for the job run.'],
    [403, 'Memory limit of job runs.'],
    [403, 'The quota of jobs is exceeded.'],
    [429, 'Rate limit exceeded: too many requests for job runs.'],
    [500, 'The quota of job runs is used up.'],
    [401, 'The quota of job runs is used up.'],
  ])('means something else: %i "%s"', async (status, message) => {
    await expect(startWith(status, message)).resolves.toMatchObject({ kind: 'refused' });
  });
});
