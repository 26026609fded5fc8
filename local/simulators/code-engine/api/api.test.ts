import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { startCodeEngineSimulator, type CodeEngineSimulator } from '../code-engine-simulator.ts';
import { callApi, namesIn, signIn } from '../testing/api-caller.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

let clock: VirtualClock;
let simulator: CodeEngineSimulator;
beforeEach(async () => {
  clock = createVirtualClock(Date.parse(NOW));
  simulator = await startCodeEngineSimulator({
    clock,
    projects: [
      { id: 'p1', name: 'one', region: 'eu-de', jobs: { 'my-job': { run_mode: 'task' }, other: {} } },
      { id: 'p2', name: 'two', region: 'us-south', status: 'soft_deleted' },
    ],
    regions: ['eu-gb'],
    apiKeys: [
      { apiKey: 'api-key' },
      { apiKey: 'looker', role: 'reader' },
      { apiKey: 'nobody', role: 'none' },
    ],
  });
});
afterEach(() => simulator.close());

const hrefTo = (path: string): string => `${simulator.apiEndpoint.replace('{region}', 'eu-de')}${path}`;
const template = {
  image_reference: 'icr.io/codeengine/helloworld',
  run_arguments: [],
  run_commands: [],
  run_env_variables: [],
  run_volume_mounts: [],
  run_mode: 'task',
  run_service_account: 'default',
  run_compute_resource_token_enabled: false,
  scale_array_spec: '0',
  scale_cpu_limit: '1',
  scale_memory_limit: '4G',
  scale_ephemeral_storage_limit: '400M',
  scale_max_execution_time: 7200,
  scale_retry_limit: 3,
};

describe('what the API shows', () => {
  it('is a project, alone and in the list of its region', async () => {
    const project = {
      id: 'p1',
      name: 'one',
      region: 'eu-de',
      status: 'active',
      resource_type: 'project_v2',
      account_id: expect.any(String) as string,
      resource_group_id: expect.any(String) as string,
      created_at: NOW,
      crn: expect.stringMatching(/^crn:v1:bluemix:public:codeengine:eu-de:a\/\w+:p1::$/) as string,
      href: hrefTo('/projects/p1'),
    };
    expect(await callApi(simulator, '/projects/p1?version=2025-07-10')).toMatchObject({
      status: 200,
      value: project,
    });
    expect((await callApi(simulator, '/projects')).value).toEqual({
      limit: 100,
      first: { href: hrefTo('/projects?limit=100') },
      projects: [project],
    });
    expect(namesIn(await callApi(simulator, '/projects', { region: 'us-south' }), 'projects')).toEqual([
      'two',
    ]);
    expect(namesIn(await callApi(simulator, '/projects', { region: 'eu-gb' }), 'projects')).toEqual([]);
  });

  it('is a job, alone and in the list of its project', async () => {
    const { value } = await callApi(simulator, '/projects/p1/jobs/my-job');
    expect(value).toEqual({
      ...template,
      id: UUID,
      name: 'my-job',
      project_id: 'p1',
      region: 'eu-de',
      resource_type: 'job_v2',
      entity_tag: expect.any(String) as string,
      href: hrefTo('/projects/p1/jobs/my-job'),
      created_at: NOW,
      computed_env_variables: expect.arrayContaining([
        { type: 'literal', name: 'CE_JOB', value: 'my-job' },
      ]) as unknown,
    });
    const list = await callApi(simulator, '/projects/p1/jobs');
    expect(list.value).toMatchObject({ limit: 100, jobs: [value, {}] });
    expect(namesIn(list, 'jobs')).toEqual(['my-job', 'other']);
  });

  it('is a run, when it is created, alone and in the list of its project', async () => {
    const body = { job_name: 'my-job', name: 'run-1', scale_array_spec: '0-1' };
    const created = await callApi(simulator, '/projects/p1/job_runs', { body });
    expect(created.status).toBe(202);
    expect(created.value).toEqual({
      ...template,
      scale_array_spec: '0-1',
      id: UUID,
      name: 'run-1',
      job_name: 'my-job',
      project_id: 'p1',
      region: 'eu-de',
      resource_type: 'job_run_v2',
      href: hrefTo('/projects/p1/job_runs/run-1'),
      created_at: NOW,
      computed_env_variables: expect.any(Array) as unknown,
      status: 'pending',
      status_details: {
        ...{ requested: 0, pending: 2, running: 0, succeeded: 0, failed: 0, unknown: 0 },
        pending_indices: '0-1',
        indices_details: { 0: { status: 'pending', retries: 0 }, 1: { status: 'pending', retries: 0 } },
      },
    });
    const one = await callApi(simulator, '/projects/p1/job_runs/run-1');
    expect(one.value).toEqual(created.value);
    const list = await callApi(simulator, '/projects/p1/job_runs?job_name=my-job');
    expect(list.value).toMatchObject({ job_runs: [created.value] });
    expect(namesIn(await callApi(simulator, '/projects/p1/job_runs?job_name=other'), 'job_runs')).toEqual([]);
  });

  it('is nothing after a deletion', async () => {
    await callApi(simulator, '/projects/p1/job_runs', { body: { job_name: 'my-job', name: 'run-1' } });
    const deleted = await callApi(simulator, '/projects/p1/job_runs/run-1', { method: 'DELETE' });
    expect(deleted).toMatchObject({ status: 202, value: undefined });
    expect((await callApi(simulator, '/projects/p1/job_runs/run-1')).status).toBe(404);
  });

  it('is a job that was created', async () => {
    const body = { name: 'new-job', image_reference: 'icr.io/x/y', run_arguments: ['a'] };
    expect(await callApi(simulator, '/projects/p1/jobs', { body })).toMatchObject({
      status: 201,
      value: { name: 'new-job', image_reference: 'icr.io/x/y', run_arguments: ['a'], scale_cpu_limit: '1' },
    });
    expect((await callApi(simulator, '/projects/p1/jobs', { body })).status).toBe(409);
    const bad = { name: 'New', scale_retry_limit: 6 };
    const refused = await callApi(simulator, '/projects/p1/jobs', { body: bad });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.value)).toMatch(/name: .*scale_retry_limit: .*image_reference: needed/);
  });

  it('is an error where there is nothing', async () => {
    expect(await callApi(simulator, '/projects/p1/jobs/none')).toMatchObject({
      status: 404,
      value: {
        errors: [{ code: 'resource_not_found', message: 'Resource not found.' }],
        trace: expect.stringMatching(/^codeengine-api-[0-9a-f]{32}$/) as string,
        status_code: 404,
      },
    });
    for (const path of [
      '/projects/none',
      '/projects/p2',
      '/projects/none/jobs',
      '/apps',
      '/projects/p1/apps',
    ])
      expect((await callApi(simulator, path)).status).toBe(404);
    expect((await callApi(simulator, '/projects', { region: 'eu-es' })).status).toBe(404);
    expect((await callApi(simulator, '/projects', { method: 'PUT' })).status).toBe(405);
  });
});

describe('who asks', () => {
  it('brings a token of IAM, with the word Bearer or without', async () => {
    const { authorization } = await signIn(simulator);
    const bare = { authorization: authorization.replace('Bearer ', '') };
    expect((await callApi(simulator, '/projects', { headers: bare })).status).toBe(200);
    simulator.setSwitches({ authorization: 'bearerOnly' });
    expect((await callApi(simulator, '/projects', { headers: bare })).status).toBe(401);
    expect((await callApi(simulator, '/projects', { headers: { authorization } })).status).toBe(200);
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Basic eA==' }])
      expect((await callApi(simulator, '/projects', { headers })).status).toBe(401);
  });

  it('is refused when the token has run out', async () => {
    const headers = await signIn(simulator);
    clock.advance(3_600_000);
    expect((await callApi(simulator, '/projects', { headers })).status).toBe(401);
    simulator.setTokenLifetime(1_000);
    const short = await signIn(simulator);
    expect((await callApi(simulator, '/projects', { headers: short })).status).toBe(200);
    clock.advance(1_000);
    expect((await callApi(simulator, '/projects', { headers: short })).status).toBe(401);
  });

  it('may do what the role says', async () => {
    const [looker, nobody] = [await signIn(simulator, 'looker'), await signIn(simulator, 'nobody')];
    const body = { job_name: 'my-job' };
    expect((await callApi(simulator, '/projects/p1/job_runs', { headers: looker })).status).toBe(200);
    expect((await callApi(simulator, '/projects/p1/job_runs', { headers: looker, body })).status).toBe(403);
    expect((await callApi(simulator, '/projects', { headers: nobody })).status).toBe(403);
  });
});
