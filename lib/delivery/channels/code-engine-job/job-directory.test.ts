import { describe, expect, it } from 'vitest';
import {
  apiError,
  aProject,
  createFakeCodeEngine,
  failing,
  networkError,
  type FakeCodeEngine,
  type FakeProject,
} from './code-engine-test-support.ts';
import { createJobDirectory, type JobDirectory, type JobDirectoryDeps } from './job-directory.ts';
import type { JobTarget } from './match-job.ts';
import { SignInFailure } from './sign-in-failure.ts';

function directoryOf(
  { api, clock }: FakeCodeEngine,
  settings: Partial<JobDirectoryDeps['settings']> = {},
): JobDirectory {
  return createJobDirectory({
    settings: {
      ownProject: undefined,
      regions: ['eu-de', 'us-south'],
      refreshIntervalMs: 600_000,
      ...settings,
    },
    api,
    nowMs: clock.nowMs,
  });
}

const job = (name: string, rest: Partial<JobTarget> = {}): JobTarget => ({ kind: 'job', job: name, ...rest });
const own = { ownProject: { id: 'home-id', region: 'eu-de' }, regions: [] };

const near = (given: Partial<FakeProject> = {}): FakeProject =>
  aProject({ id: 'near-id', name: 'near', region: 'eu-de', ...given });
const far = (given: Partial<FakeProject> = {}): FakeProject =>
  aProject({ id: 'far-id', name: 'far', region: 'us-south', ...given });
const found = (projectId: string) => ({ kind: 'found', place: { projectId } });
const missing = (words: string, mayPass = false) => ({
  kind: 'missing',
  mayPass,
  message: expect.stringContaining(words) as string,
});

describe('a name', () => {
  it('is found in the own project without asking for any other', async () => {
    const fake = createFakeCodeEngine([aProject(), near(), far()]);
    const directory = directoryOf(fake, { ...own, regions: ['eu-de', 'us-south'] });
    await expect(directory.find(job('orders'))).resolves.toEqual({
      kind: 'found',
      place: { region: 'eu-de', projectId: 'home-id', projectName: 'home', job: 'orders' },
    });
    expect(fake.calls.map(({ method }) => method).toSorted()).toEqual(['getProject', 'listJobs']);
  });

  it('is found where all listings have many pages', async () => {
    const jobs = Array.from({ length: 30 }, (_, n) => `job-${n}`);
    const projects = Array.from({ length: 20 }, (_, n) => near({ id: `id-${n}`, jobs: [`other-${n}`] }));
    const directory = directoryOf(createFakeCodeEngine([...projects, far({ jobs })]));
    await expect(directory.find(job('job-29'))).resolves.toMatchObject(found('far-id'));
    await expect(directory.find(job('other-19'))).resolves.toMatchObject(found('id-19'));
  });

  it('that two projects have is refused with the candidates', async () => {
    const directory = directoryOf(createFakeCodeEngine([near(), far()]));
    await expect(directory.find(job('orders'))).resolves.toEqual(
      missing('"orders" may be any of eu-de/near/orders, us-south/far/orders; register one of these names'),
    );
  });

  it.each([
    [{ project: 'far' }, 'far-id'],
    [{ project: 'far-id' }, 'far-id'],
    [{ project: 'near', region: 'EU-DE' }, 'near-id'],
  ])('with %j is exact', async (rest, projectId) => {
    const directory = directoryOf(createFakeCodeEngine([near(), far()]));
    await expect(directory.find(job('orders', rest))).resolves.toMatchObject(found(projectId));
  });

  it.each(['home', 'home-id'])('in the own project may name it as %s', async (project) => {
    const directory = directoryOf(createFakeCodeEngine(), own);
    await expect(directory.find(job('orders', { project }))).resolves.toMatchObject(found('home-id'));
  });

  it('of an inactive project does not count', async () => {
    const directory = directoryOf(createFakeCodeEngine([near({ status: 'soft_deleted' }), far()]));
    await expect(directory.find(job('orders'))).resolves.toMatchObject(found('far-id'));
  });

  it('is missing in words', async () => {
    const fake = createFakeCodeEngine([near()]);
    await expect(directoryOf(fake).find(job('nope', { project: 'near' }))).resolves.toEqual(
      missing('there is no job "near/nope" in eu-de, us-south'),
    );
    await expect(
      directoryOf(fake, own).find(job('nope', { project: 'p', region: 'jp-tok' })),
    ).resolves.toEqual(missing('no region to find job "jp-tok/p/nope" in'));
  });
});

describe('what is known', () => {
  it('is kept for the interval, then listed anew, and what vanished is dropped', async () => {
    const fake = createFakeCodeEngine([near({ jobs: ['orders', 'bills'] })]);
    const directory = directoryOf(fake, { refreshIntervalMs: 60_000 });
    await directory.find(job('orders'));
    const { length } = fake.calls;
    fake.clock.advance(59_999);
    await directory.find(job('bills'));
    expect(fake.calls).toHaveLength(length);
    fake.projects[0] = near({ jobs: ['orders'] });
    fake.clock.advance(1);
    await expect(directory.find(job('bills'))).resolves.toEqual(missing('there is no job "bills"'));
    expect(fake.calls.length).toBeGreaterThan(length);
  });

  it('is listed anew where the clock was set back', async () => {
    const fake = createFakeCodeEngine([near()]);
    const directory = directoryOf(fake);
    await directory.find(job('orders'));
    fake.clock.advance(-86_400_000);
    const { length } = fake.calls;
    await directory.find(job('orders'));
    expect(fake.calls.length).toBeGreaterThan(length);
  });

  it('is listed once for all who ask at the same time', async () => {
    const fake = createFakeCodeEngine([near({ jobs: ['a', 'b'] })]);
    const directory = directoryOf(fake, { regions: ['eu-de'] });
    await Promise.all(['a', 'b', 'a', 'b'].map(async (name) => directory.find(job(name))));
    expect(fake.calls.map(({ method }) => method)).toEqual(['listProjects', 'listJobs']);
  });

  it('is asked for once more before a job is missing, and not again for a while', async () => {
    const fake = createFakeCodeEngine([near()]);
    const directory = directoryOf(fake, { regions: ['eu-de'] });
    await directory.find(job('orders'));
    fake.projects[0]?.jobs.push('new');
    await expect(directory.find(job('new'))).resolves.toMatchObject(found('near-id'));
    await directory.find(job('nope'));
    const { length } = fake.calls;
    await directory.find(job('nope'));
    expect(fake.calls).toHaveLength(length);
    fake.clock.advance(30_000);
    await directory.find(job('nope'));
    expect(fake.calls).toHaveLength(length + 2);
  });

  it('is not asked for again by many missing names', async () => {
    const fake = createFakeCodeEngine([near()]);
    const directory = directoryOf(fake, { regions: ['eu-de'] });
    await directory.find(job('orders'));
    for (let n = 0; n < 100; n++) await directory.find(job(`nope-${n}`));
    expect(fake.calls.length).toBeLessThanOrEqual(2 + 20 * 2);
  });

  it('is dropped where it proved wrong, and looked up afresh', async () => {
    const fake = createFakeCodeEngine([near()]);
    const directory = directoryOf(fake, { regions: ['eu-de'] });
    const first = await directory.find(job('orders'));
    fake.projects[0] = near({ id: 'moved-id' });
    if (first.kind === 'found') directory.forget(first.place);
    await expect(directory.find(job('orders'))).resolves.toMatchObject(found('moved-id'));
  });
});

describe('a region that is down', () => {
  const outage = failing(apiError(503, 'Down for a while.'));

  it('does not hide the jobs of others, nor what was known of it', async () => {
    const fake = createFakeCodeEngine([near({ jobs: ['near-job'] }), far({ jobs: ['far-job'] })]);
    const directory = directoryOf(fake, { refreshIntervalMs: 60_000 });
    await directory.find(job('near-job'));
    fake.spoilRegion('eu-de', outage);
    fake.clock.advance(60_000);
    await expect(directory.find(job('far-job'))).resolves.toMatchObject(found('far-id'));
    await expect(directory.find(job('near-job'))).resolves.toMatchObject(found('near-id'));
  });

  it('is named where a job is missing, which may pass, and is asked again', async () => {
    const fake = createFakeCodeEngine([near({ jobs: ['near-job'] }), far()]);
    const directory = directoryOf(fake);
    fake.spoilRegion('eu-de', outage);
    await expect(directory.find(job('near-job'))).resolves.toEqual(
      missing('in eu-de, us-south, of which not all could be read: Code Engine in eu-de answered 503', true),
    );
    fake.spoilRegion('eu-de', undefined);
    await expect(directory.find(job('near-job'))).resolves.toMatchObject(found('near-id'));
  });

  it('is not asked again and again for jobs of others', async () => {
    const fake = createFakeCodeEngine([near(), far({ jobs: ['far-job'] })]);
    const directory = directoryOf(fake);
    fake.spoilRegion('eu-de', outage);
    for (let n = 0; n < 5; n++) await directory.find(job('far-job'));
    expect(fake.calls.filter(({ region }) => region === 'eu-de')).toHaveLength(1);
  });

  it('is asked together with the others', async () => {
    const fake = createFakeCodeEngine([near({ jobs: [] }), far()]);
    const directory = directoryOf(fake);
    await directory.find(job('orders'));
    expect(fake.calls.slice(0, 2).map(({ region }) => region)).toEqual(['eu-de', 'us-south']);
  });
});

describe('a project', () => {
  it('that fails does not hide the others, nor what was known of it', async () => {
    const projects = [near({ jobs: ['a'] }), near({ id: 'second-id', name: 'second', jobs: ['b'] })];
    const fake = createFakeCodeEngine(projects);
    const directory = directoryOf(fake, { regions: ['eu-de'], refreshIntervalMs: 60_000 });
    await directory.find(job('a'));
    fake.clock.advance(60_000);
    fake.spoil('listJobs', failing(apiError(500)), failing(apiError(500)));
    await expect(directory.find(job('a'))).resolves.toMatchObject(found('near-id'));
    await expect(directory.find(job('b'))).resolves.toMatchObject(found('second-id'));
  });

  it('that disappears while it is listed has no jobs', async () => {
    const fake = createFakeCodeEngine([near(), far({ jobs: ['far-job'] })]);
    fake.spoil('listJobs', failing(apiError(404)));
    const directory = directoryOf(fake, { regions: ['eu-de'] });
    await expect(directory.find(job('orders'))).resolves.toEqual(
      missing('there is no job "orders" in eu-de'),
    );
  });

  it('of our own that cannot be read for now is waited for: its job would win', async () => {
    const fake = createFakeCodeEngine([aProject(), far()]);
    fake.spoil('listJobs', failing(networkError('ECONNRESET')));
    const directory = directoryOf(fake, { ...own, regions: ['us-south'] });
    await expect(directory.find(job('orders'))).resolves.toEqual(missing('the own project, of which', true));
    await expect(directory.find(job('orders'))).resolves.toMatchObject(found('home-id'));
  });

  it('of our own that may not be read is passed over', async () => {
    const fake = createFakeCodeEngine([aProject(), far()]);
    fake.spoil('listJobs', failing(apiError(403)));
    const directory = directoryOf(fake, { ...own, regions: ['us-south'] });
    await expect(directory.find(job('orders'))).resolves.toMatchObject(found('far-id'));
  });
});

it.each([{ status: 400 }, { status: 503 }, { code: 'dns' }] as const)(
  'where there is no token (%j) nothing is said of the job',
  async (what) => {
    const fake = createFakeCodeEngine([aProject(), far()]);
    fake.spoil('listJobs', failing(new SignInFailure(what, undefined)));
    const directory = directoryOf(fake, { ...own, regions: ['us-south'] });
    // Nor is it looked for elsewhere: the own project wins.
    await expect(directory.find(job('orders'))).resolves.toEqual({
      kind: 'misconfigured',
      message: expect.stringMatching(/^no token: IAM /) as string,
    });
  },
);

it('a listing that never ends is told in words', async () => {
  const fake = createFakeCodeEngine([near()]);
  const endless = { kind: 'answer', result: { projects: [], next: { start: 'again' } } } as const;
  fake.spoil('listProjects', endless, endless);
  await expect(directoryOf(fake, { regions: ['eu-de'] }).find(job('orders'))).resolves.toEqual(
    missing('Code Engine in eu-de: the listing of projects repeats a page', true),
  );
});
