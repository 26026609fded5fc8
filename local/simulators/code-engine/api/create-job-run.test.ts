import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCodeEngineSimulator, type CodeEngineSimulator } from '../code-engine-simulator.ts';
import { callApi, signIn, type Answered } from '../testing/api-caller.ts';

const literal = (name: string, value: string) => ({ type: 'literal', name, value });

let simulator: CodeEngineSimulator;
beforeEach(async () => {
  const job = {
    run_env_variables: [literal('KEPT', '1'), literal('REPLACED', '1')],
    run_arguments: ['from-job'],
    scale_cpu_limit: '0.5',
  };
  simulator = await startCodeEngineSimulator({
    runsMax: 3,
    projects: [
      { id: 'p1', name: 'one', region: 'eu-de', jobs: { 'my-job': job } },
      { id: 'gone', name: 'gone', region: 'eu-de', status: 'soft_deleted', jobs: { 'my-job': {} } },
    ],
  });
});
afterEach(() => simulator.close());

const create = (body: unknown, project = 'p1'): Promise<Answered> =>
  callApi(simulator, `/projects/${project}/job_runs`, { body });

describe('a run that is created', () => {
  it("has its job's fields where it says nothing itself", async () => {
    const { value } = await create({
      job_name: 'my-job',
      name: 'r',
      run_env_variables: [{ name: 'REPLACED', value: '2' }, literal('NEW', '3')],
      scale_array_size_variable_override: 10,
    });
    expect(value).toMatchObject({
      run_arguments: ['from-job'],
      scale_cpu_limit: '0.5',
      run_env_variables: [literal('KEPT', '1'), literal('REPLACED', '2'), literal('NEW', '3')],
      scale_array_size_variable_override: 10,
    });
  });

  it('gets a name when it has none', async () => {
    const { value } = await create({ job_name: 'my-job' });
    expect((value as { name: string }).name).toMatch(/^my-job-jobrun-[a-z0-9]{5}$/);
  });

  it('needs no job when it says name and image itself', async () => {
    const { status, value } = await create({ name: 'alone', image_reference: 'icr.io/x/y' });
    expect(status).toBe(202);
    expect(value).not.toHaveProperty('job_name');
  });

  it.each([
    ['not json', '{', 'not a JSON object'],
    ['an array', [], 'not a JSON object'],
    ['nothing to run', {}, 'name: needed without job_name; image_reference: needed'],
    ['an unknown member', { job_name: 'my-job', runEnv: [] }, 'runEnv: not known'],
    ['a name in upper case', { job_name: 'my-job', name: 'Run' }, 'name: '],
    ['a name too long', { job_name: 'my-job', name: 'a'.repeat(54) }, 'name: '],
    ['a name that ends with -', { job_name: 'my-job', name: 'a-' }, 'name: '],
    [
      'a variable of no type',
      { job_name: 'my-job', run_env_variables: [{ type: 'x', name: 'a' }] },
      'variables',
    ],
    [
      'a variable of no text',
      { job_name: 'my-job', run_env_variables: [{ name: 'a', value: 1 }] },
      'variables',
    ],
    ['an image secret beside a job', { job_name: 'my-job', image_secret: 's' }, 'not beside job_name'],
    ['too many instances', { job_name: 'my-job', scale_array_spec: '0-1000' }, 'scale_array_spec'],
    ['too many retries', { job_name: 'my-job', scale_retry_limit: 6 }, 'from 0 to 5'],
    ['a definition that is too long', { job_name: 'my-job', run_arguments: ['x'.repeat(10_241)] }, '10 KiB'],
  ])('cannot be %s', async (_, body, words) => {
    const { status, value } = await create(body);
    expect(status).toBe(400);
    expect(JSON.stringify(value)).toContain(words);
    expect(simulator.runs('p1')).toEqual([]);
  });

  it('needs a project that is active', async () => {
    expect((await create({ job_name: 'my-job' }, 'gone')).status).toBe(409);
  });
});

describe('a name', () => {
  it('is taken once in a project, also when two ask at once, until the run is deleted', async () => {
    const headers = await signIn(simulator);
    const ask = () =>
      callApi(simulator, '/projects/p1/job_runs', { headers, body: { job_name: 'my-job', name: 'same' } });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    simulator.finishRun('p1', 'same');
    expect((await ask()).status).toBe(409);
    await callApi(simulator, '/projects/p1/job_runs/same', { method: 'DELETE' });
    expect((await ask()).status).toBe(202);
  });
});

describe('the quota of a project', () => {
  it('counts runs that are over, and is free again when they are deleted', async () => {
    for (const name of ['a', 'b', 'c']) await create({ job_name: 'my-job', name });
    for (const name of ['a', 'b', 'c']) simulator.finishRun('p1', name);
    expect(await create({ job_name: 'my-job' })).toMatchObject({
      status: 403,
      value: { errors: [{ code: 'quota_exceeded' }] },
    });
    await callApi(simulator, '/projects/p1/job_runs/a', { method: 'DELETE' });
    expect((await create({ job_name: 'my-job' })).status).toBe(202);
  });
});

describe('the switches', () => {
  it.each([
    ['clashStatus', '422', { status: 422, code: 'conflict' }],
    ['clashStatus', '400', { status: 400, code: 'conflict' }],
    ['clashCode', 'resource_already_exists', { status: 409, code: 'resource_already_exists' }],
  ])('%s=%s says how a clash is answered', async (name, value, { status, code }) => {
    simulator.setSwitches({ [name]: value });
    await create({ job_name: 'my-job', name: 'same' });
    const answer = await create({ job_name: 'my-job', name: 'same' });
    expect(answer).toMatchObject({ status, value: { errors: [{ code }], status_code: status } });
  });

  it.each([
    ['quotaStatus', '429', { status: 429, code: 'quota_exceeded' }],
    ['quotaCode', 'limit_exceeded', { status: 403, code: 'limit_exceeded' }],
  ])('%s=%s says how one run too many is answered', async (name, value, { status, code }) => {
    simulator.setSwitches({ [name]: value });
    for (const run of ['a', 'b', 'c']) await create({ job_name: 'my-job', name: run });
    expect(await create({ job_name: 'my-job' })).toMatchObject({ status, value: { errors: [{ code }] } });
  });

  it('say how what cannot be is answered', async () => {
    simulator.setSwitches({ invalidStatus: '422', unknownJobStatus: '400' });
    expect((await create({})).status).toBe(422);
    expect((await create({ job_name: 'none' })).status).toBe(400);
  });
});
