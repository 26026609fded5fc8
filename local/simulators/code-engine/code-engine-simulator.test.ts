import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BaseService,
  ContainerAuthenticator,
  IamAuthenticator,
  type Authenticator,
} from 'ibm-cloud-sdk-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startCodeEngineSimulator, type CodeEngineSimulator } from './code-engine-simulator.ts';
import { callApi } from './testing/api-caller.ts';

const PROFILE = { name: 'mq-observer', id: 'Profile-1', computeResourceToken: 'cr-token' };

let simulator: CodeEngineSimulator;
beforeAll(async () => {
  simulator = await startCodeEngineSimulator({
    projects: [{ id: 'p1', name: 'one', region: 'eu-de', jobs: { 'my-job': {} } }],
    profiles: [PROFILE],
  });
});
afterAll(() => simulator.close());

/** A call as the official client makes it. */
async function call(
  authenticator: Authenticator,
  options: Readonly<Record<string, unknown>>,
): Promise<{ readonly status: number; readonly result: unknown }> {
  const serviceUrl = simulator.apiEndpoint.replace('{region}', 'eu-de');
  const service = new BaseService({ authenticator, serviceUrl, timeout: 5_000 });
  return service['createRequest']({
    options,
    defaultOptions: { serviceUrl, headers: { Accept: 'application/json' } },
  }) as Promise<{ status: number; result: unknown }>;
}

const runsOf = (project: string) => ({
  url: '/projects/{project_id}/job_runs',
  method: 'POST',
  path: { project_id: project },
  body: { job_name: 'my-job', name: 'by-the-sdk' },
});

describe('ibm-cloud-sdk-core', () => {
  it('signs in with an API key and starts a run', async () => {
    const authenticator = new IamAuthenticator({ apikey: 'api-key', url: simulator.iamUrl });
    const { status, result } = await call(authenticator, runsOf('p1'));
    expect(status).toBe(202);
    expect(result).toMatchObject({ name: 'by-the-sdk', job_name: 'my-job', resource_type: 'job_run_v2' });
    await call(authenticator, { url: '/projects', method: 'GET', qs: { limit: 10, version: '2025-07-10' } });
    expect(simulator.journal('token')).toHaveLength(1); // so it found the token's end in it
  });

  it.each([
    ['name', { iamProfileName: PROFILE.name }],
    ['id', { iamProfileId: PROFILE.id }],
  ])('signs in with a trusted profile by its %s', async (_, profile) => {
    const folder = mkdtempSync(join(tmpdir(), 'cr-token-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const crTokenFilename = join(folder, 'token');
    writeFileSync(crTokenFilename, PROFILE.computeResourceToken);
    const authenticator = new ContainerAuthenticator({ crTokenFilename, url: simulator.iamUrl, ...profile });
    expect((await call(authenticator, { url: '/projects', method: 'GET' })).status).toBe(200);
  });

  it("reads the API's errors and IAM's", async () => {
    const authenticator = new IamAuthenticator({ apikey: 'api-key', url: simulator.iamUrl });
    await expect(call(authenticator, runsOf('none'))).rejects.toMatchObject({
      status: 404,
      message: 'Resource not found.',
    });
    const stranger = new IamAuthenticator({ apikey: 'other', url: simulator.iamUrl });
    await expect(call(stranger, runsOf('p1'))).rejects.toMatchObject({
      status: 400,
      message: 'Access is denied due to invalid credentials.', // its own words, when it knows the answer as IAM's
      result: { errorMessage: 'Provided API key could not be found.' },
    });
  });
});

describe('a simulator', () => {
  it('takes the ports that are preferred when they are free, and others when not', async () => {
    const port = Number(new URL(simulator.iamUrl).port);
    const second = await startCodeEngineSimulator({ port, iamPort: port });
    expect(second.apiEndpoint).not.toContain(`:${port}/`);
    await second.close();
  });

  it('closes at once although answers hang and come slowly', async () => {
    const closing = await startCodeEngineSimulator({ regions: ['eu-de'] });
    closing.addFault({ fault: 'hang', calls: 1, operation: 'listProjects' });
    closing.addFault({ fault: 'slow:60000', operation: 'listProjects' });
    const failed = [1, 2].map(() => callApi(closing, '/projects').catch(() => 'cut'));
    await expect.poll(() => closing.journal('listProjects')).toHaveLength(2);
    const startedMs = performance.now();
    await closing.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await Promise.all(failed)).toEqual(['cut', 'cut']);
  });

  it('refuses to start with what cannot be', async () => {
    const project = { id: 'p', name: 'p', region: 'eu-de' };
    await expect(startCodeEngineSimulator({ tokenLifetimeMs: 3_600_001 })).rejects.toThrow('a token lives');
    await expect(startCodeEngineSimulator({ projects: [{ ...project, region: 'EU' }] })).rejects.toThrow(
      'not a region',
    );
    await expect(startCodeEngineSimulator({ projects: [{ ...project, jobs: { A: {} } }] })).rejects.toThrow(
      'not a job name',
    );
  });
});
