import { describe, expect, it } from 'vitest';
import {
  aChannel,
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
import { SignInFailure } from './sign-in-failure.ts';

const runsOf = ({ projects }: FakeCodeEngine) => projects.flatMap(({ runs }) => runs);
const containing = (words: string): string => expect.stringContaining(words) as string;

describe('an answer to the start of a run', () => {
  it.each([
    [401, false, 'a fresh one as well'],
    [403, false, 'the role Writer'],
    [400, false, 'answered 400: some_code: What the API says.'],
    [422, false, 'answered 422: some_code: What the API says.'],
    [302, false, 'answered 302'],
    [408, true, 'answered 408'],
    [429, true, 'answered 429'],
    [500, true, 'answered 500'],
    [502, true, 'answered 502'],
    [503, true, 'answered 503'],
  ])('of %i is refused; may pass: %s', async (status, mayPass, words) => {
    const fake = createFakeCodeEngine();
    fake.spoil('createJobRun', failing(apiError(status, 'What the API says.')));
    const result = await attempt(aChannel(fake));
    expect(result).toEqual({ kind: 'refused', mayPass, message: containing(words) });
    // Whether to try again is decided by others, once.
    expect(fake.calls.filter(({ method }) => method === 'createJobRun')).toHaveLength(1);
  });

  it.each([
    ['7', 7000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ])('of 429 with Retry-After %s says when to come back', async (text, retryAfterMs) => {
    const fake = createFakeCodeEngine();
    fake.spoil('createJobRun', failing(apiError(429, 'Slow.', { headers: { 'retry-after': text } })));
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({ kind: 'refused', retryAfterMs });
  });

  it('is shown cut, on one line and without what looks like a token', async () => {
    const fake = createFakeCodeEngine();
    const said = `bad\n\u0000 Bearer eyJhbGciOi.J9eyJ-_x.c2ln ${'long '.repeat(10_000)}`;
    fake.spoil('createJobRun', failing(apiError(422, said)));
    const result = await attempt(aChannel(fake));
    const { message = '' } = result.kind === 'refused' ? result : {};
    expect(message).toContain('some_code: bad Bearer *** long');
    expect(message.length).toBeLessThan(300);
  });
});

describe('a lost answer', () => {
  it.each([
    ['ECONNRESET', 'reset'],
    ['ECONNABORTED', 'timeout'],
    ['EPIPE', 'reset'],
    ['ERR_BAD_RESPONSE', 'protocol'],
  ])(
    '(%s) after the run was created is no answer, and the next attempt finds the run',
    async (code, kind) => {
      const fake = createFakeCodeEngine();
      const channel = aChannel(fake);
      fake.spoil('createJobRun', { kind: 'lost', error: networkError(code) });
      await expect(attempt(channel)).resolves.toMatchObject({ kind: 'no-answer', code: kind });
      await expect(attempt(channel)).resolves.toEqual({ kind: 'accepted', run: runNameOf(aWakeUp()) });
      expect(runsOf(fake)).toHaveLength(1);
    },
  );

  it('of 503 after the run was created makes no second run', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    fake.spoil('createJobRun', { kind: 'lost', error: apiError(503) });
    await expect(attempt(channel)).resolves.toMatchObject({ kind: 'refused', mayPass: true });
    // Nor where the listing does not show it yet.
    fake.spoil('listJobRuns', { kind: 'answer', result: { job_runs: [] } });
    await expect(attempt(channel)).resolves.toMatchObject({ kind: 'accepted' });
    expect(runsOf(fake)).toHaveLength(1);
  });

  it('that is no JSON object is no answer', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('createJobRun', failing(new Error('Error processing HTTP response: x')));
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({ kind: 'no-answer', code: 'protocol' });
  });

  it('that never comes ends in time', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('createJobRun', { kind: 'hang' });
    await expect(attempt(aChannel(fake), aWakeUp(), { timeoutMs: 60 })).resolves.toMatchObject({
      kind: 'no-answer',
      code: 'timeout',
    });
  });
});

describe('a name clash', () => {
  const hidden = { kind: 'answer', result: { job_runs: [] } } as const;
  const name = runNameOf(aWakeUp());

  it.each([
    [409, 'Conflict.'],
    [400, 'A job run with this name already exists.'],
    [422, 'name must be unique in the project'],
  ])('told by %i "%s" is the run that was wanted', async (status, message) => {
    const runs = [{ name, job_name: 'orders', status: 'running' }];
    const fake = createFakeCodeEngine([aProject({ runs })]);
    fake.spoil('listJobRuns', hidden);
    fake.spoil('createJobRun', failing(apiError(status, message)));
    await expect(attempt(aChannel(fake))).resolves.toEqual({ kind: 'accepted', run: name });
  });

  it('with a run of another job is refused', async () => {
    const runs = [{ name, job_name: 'bills', status: 'running' }];
    const fake = createFakeCodeEngine([aProject({ runs })]);
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({
      kind: 'refused',
      mayPass: false,
      message: containing(`${name} exists in the project and is not one of job orders`),
    });
  });

  it('with a run that is not there may pass', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('createJobRun', failing(apiError(409, 'Something else is going on.')));
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({
      kind: 'refused',
      mayPass: true,
      message: containing('Something else is going on.'),
    });
  });

  it('with a run that cannot be looked at is no answer', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('createJobRun', failing(apiError(409)));
    fake.spoil('getJobRun', failing(networkError('ECONNRESET')));
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({ kind: 'no-answer', code: 'reset' });
  });
});

describe('what is not there any more', () => {
  const regions = { ownProject: undefined, regions: ['eu-de'] };

  it('is forgotten and looked up once more: a job that moved is found', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake, regions);
    await attempt(channel);
    fake.projects[0] = aProject({ id: 'moved-id', name: 'moved' });
    await expect(attempt(channel, aWakeUp({ lastWokenAtMs: 1 }))).resolves.toMatchObject({
      kind: 'accepted',
    });
    expect(fake.projects[0].runs).toHaveLength(1);
  });

  it('is told in words: a project that disappeared', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake, regions);
    await attempt(channel);
    fake.projects.splice(0);
    await expect(attempt(channel, aWakeUp({ lastWokenAtMs: 1 }))).resolves.toMatchObject({
      kind: 'refused',
      mayPass: false,
      message: containing('there is no job "orders" in eu-de'),
    });
  });

  it.each([404, 400, 422])('is told in words: a job that is listed all the same (%i)', async (status) => {
    const fake = createFakeCodeEngine();
    const gone = failing(apiError(status, 'Job not found.'));
    fake.spoil('createJobRun', gone, gone, gone);
    await expect(attempt(aChannel(fake))).resolves.toMatchObject({
      kind: 'refused',
      mayPass: false,
      message: containing('is listed as eu-de/home/orders, yet Code Engine in eu-de answered'),
    });
    expect(fake.calls.filter(({ method }) => method === 'createJobRun')).toHaveLength(2);
  });
});

describe('without a token', () => {
  it.each([
    [{ status: 503 }, 'no token: IAM answered 503'],
    [{ status: 429 }, 'no token: IAM answered 429'],
    [{ code: 'timeout' }, 'no token: IAM gave no complete answer (timeout)'],
    [{ status: 400, said: 'BXNIM0415E' }, 'IAM answered 400 BXNIM0415E; check the API key'],
    [{ said: 'this instance has no compute resource token' }, '--trusted-profiles-enabled'],
  ] as const)('because of %j nothing is sent, and no target is to blame', async (what, words) => {
    const fake = createFakeCodeEngine();
    fake.spoilRegion('eu-de', failing(new SignInFailure(what, undefined)));
    await expect(attempt(aChannel(fake))).resolves.toEqual({
      kind: 'misconfigured',
      message: containing(words),
    });
  });

  it.each(['listJobRuns', 'createJobRun'] as const)(
    'when it comes to %s nobody is to blame either, and no run counts as still running',
    async (method) => {
      const fake = createFakeCodeEngine();
      const channel = aChannel(fake);
      fake.spoil(method, failing(new SignInFailure({ code: 'connect' }, undefined)));
      const wakeUp = aWakeUp({ lastWokenAtMs: fake.clock.nowMs() });
      await expect(attempt(channel, wakeUp)).resolves.toEqual({
        kind: 'misconfigured',
        message: 'no token: IAM gave no complete answer (connect)',
      });
    },
  );
});

describe('a wake-up that is called off', () => {
  it('ends at once', async () => {
    const fake = createFakeCodeEngine();
    fake.spoil('listJobs', { kind: 'hang' });
    const abandon = new AbortController();
    const ended = attempt(aChannel(fake), aWakeUp(), { signal: abandon.signal });
    abandon.abort();
    await expect(ended).resolves.toMatchObject({ kind: 'no-answer', code: 'aborted' });
  });

  it('starts nothing afterwards', async () => {
    const fake = createFakeCodeEngine();
    const abandon = new AbortController();
    const channel = aChannel(fake);
    const ended = attempt(channel, aWakeUp(), { signal: abandon.signal });
    abandon.abort();
    await ended;
    // The listing goes on for whoever asks next; let it end.
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(fake.calls.some(({ method }) => method === 'listJobs')).toBe(true);
    expect(runsOf(fake)).toEqual([]);
  });

  it('starts nothing either when it was called off while ended runs were being deleted', async () => {
    const fake = createFakeCodeEngine();
    const channel = aChannel(fake);
    await attempt(channel);
    for (const run of runsOf(fake)) run.status = 'completed';
    fake.spoil('deleteJobRun', { kind: 'hang' });
    const abandon = new AbortController();
    const ended = attempt(channel, aWakeUp({ lastWokenAtMs: 1 }), { signal: abandon.signal });
    const isDeleting = (): boolean => fake.calls.some(({ method }) => method === 'deleteJobRun');
    for (let turns = 0; turns < 100 && !isDeleting(); turns++)
      await new Promise((resolve) => setImmediate(resolve));
    abandon.abort();
    await ended;
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(isDeleting()).toBe(true);
    expect(fake.calls.filter(({ method }) => method === 'createJobRun')).toHaveLength(1);
  });
});
