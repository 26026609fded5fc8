import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startIamServer, type IamServer } from '../../../../test/support/iam-server.ts';
import {
  respond,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../../../../test/support/scripted-server.ts';
import { secret } from '../../../platform/secret.ts';
import { failureOf } from './call-failure.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import { createSignIn, type SignInSettings } from './sign-in.ts';
import { createThinClient } from './thin-client.ts';

let iam: IamServer;
let server: ScriptedServer | undefined;

beforeEach(async () => {
  iam = await startIamServer({
    profile: { name: 'observer', id: 'Profile-1' },
    computeResourceToken: () => 'instance-token',
  });
});

afterEach(async () => {
  await Promise.all([iam.close(), server?.close()]);
  server = undefined;
});

const byKey = { kind: 'api-key', apiKey: secret('api-key') } as const;

async function connect(
  script: Script,
  credentials: SignInSettings['credentials'] = byKey,
  tokenFile?: string,
): Promise<CodeEngineApi> {
  server = await startScriptedServer(script);
  const signIn = createSignIn(
    { credentials, authEndpoint: iam.baseUrl, clientId: 'bx', clientSecret: secret('bx') },
    tokenFile,
  );
  return createThinClient(`${server.url}/v2`, signIn);
}

const json =
  (value: unknown, statusLine = '200 OK', headers: readonly string[] = []): Script =>
  (socket) =>
    respond(socket, statusLine, ['content-type: application/json', ...headers], JSON.stringify(value));

/** Answers 401 to a token that IAM has not given or has revoked. */
const withToken =
  (script: Script): Script =>
  (socket, request) => {
    const token = /^authorization: Bearer (.*)$/im.exec(request.head)?.[1] ?? '';
    const refusal = { errors: [{ code: 'unauthorized', message: 'Token is not valid.' }] };
    (iam.isValid(token) ? script : json(refusal, '401 Unauthorized'))(socket, request);
  };

const requestLines = () => server?.requests.map(({ head }) => head.split('\r\n')[0]);
const failure = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'it worked',
    (error: unknown) => failureOf(error, 'Code Engine', 0),
  );

const run = {
  projectId: 'p/1',
  jobName: 'orders',
  name: 'mqo-1',
  runEnvVariables: [{ type: 'literal', name: 'ID', value: '1' }],
  scaleArraySpec: '0-4',
};

describe('a call', () => {
  it('is made as the API wants it', async () => {
    const api = await connect(withToken(json({})));
    await api.listProjects({ limit: 100 });
    await api.getProject({ id: 'p 1' });
    await api.listJobs({ projectId: 'p/1', limit: 100, start: 'a&b' });
    await api.listJobRuns({ projectId: 'p/1', jobName: 'orders' });
    await api.getJobRun({ projectId: 'p/1', name: 'mqo-1' });
    await api.createJobRun(run);
    expect(requestLines()).toEqual([
      'GET /v2/projects?version=2025-07-10&limit=100 HTTP/1.1',
      'GET /v2/projects/p%201?version=2025-07-10 HTTP/1.1',
      'GET /v2/projects/p%2F1/jobs?version=2025-07-10&limit=100&start=a%26b HTTP/1.1',
      'GET /v2/projects/p%2F1/job_runs?version=2025-07-10&job_name=orders HTTP/1.1',
      'GET /v2/projects/p%2F1/job_runs/mqo-1?version=2025-07-10 HTTP/1.1',
      'POST /v2/projects/p%2F1/job_runs?version=2025-07-10 HTTP/1.1',
    ]);
    expect(JSON.parse(server?.requests.at(-1)?.body ?? '')).toEqual({
      job_name: 'orders',
      name: 'mqo-1',
      run_env_variables: [{ type: 'literal', name: 'ID', value: '1' }],
      scale_array_spec: '0-4',
    });
    // One token for all.
    expect(iam.requests).toHaveLength(1);
  });

  it('gives what came, and an empty answer to a deletion', async () => {
    const api = await connect(json({ jobs: [{ name: 'orders' }] }));
    await expect(api.listJobs({ projectId: 'p' })).resolves.toMatchObject({
      result: { jobs: [{ name: 'orders' }] },
      status: 200,
    });
    await server?.close();
    const deleting = await connect((socket) => respond(socket, '202 Accepted'));
    await expect(deleting.deleteJobRun({ projectId: 'p', name: 'r' })).resolves.toEqual({
      result: {},
      status: 202,
    });
  });

  it.each([429, 500, 503])('that is answered %i is not repeated', async (status) => {
    const api = await connect(
      json({ errors: [{ code: 'c', message: 'm' }] }, `${status} No`, ['retry-after: 3']),
    );
    await expect(failure(api.createJobRun(run))).resolves.toMatchObject({
      kind: 'answered',
      status,
      said: 'c: m',
      retryAfterMs: 3000,
    });
    await expect(failure(api.listProjects())).resolves.toMatchObject({ status });
    expect(server?.requests).toHaveLength(2);
  });

  it('whose connection is reset is no answer, and is not repeated', async () => {
    const api = await connect((socket) => void socket.resetAndDestroy());
    await expect(failure(api.createJobRun(run))).resolves.toMatchObject({ kind: 'no-answer', code: 'reset' });
    expect(server?.requests).toHaveLength(1);
  });

  it('that nobody takes is no answer', async () => {
    const api = await connect(json({}));
    await server?.close();
    await expect(failure(api.listProjects())).resolves.toMatchObject({ kind: 'no-answer', code: 'connect' });
  });

  it('is not led elsewhere, where its token would be seen', async () => {
    const api = await connect((socket, request) =>
      respond(socket, '307 Elsewhere', [`location: ${server?.url}/other${request.nth}`]),
    );
    await expect(failure(api.createJobRun(run))).resolves.toMatchObject({ kind: 'answered', status: 307 });
    expect(server?.requests).toHaveLength(1);
  });

  it('whose answer is too long is no answer', async () => {
    const api = await connect((socket) => {
      respond(socket, '200 OK', ['content-type: application/json'], `{"x":"${'x'.repeat(5 * 1024 * 1024)}"}`);
    });
    await expect(failure(api.listProjects())).resolves.toMatchObject({ kind: 'no-answer', code: 'protocol' });
  });

  it.each(['{"jobs":', '"text"', '7', '<html>'])('whose answer is %j is no answer', async (body) => {
    const api = await connect((socket) =>
      respond(socket, '200 OK', ['content-type: application/json'], body),
    );
    await expect(failure(api.listJobs({ projectId: 'p' }))).resolves.toMatchObject({
      kind: 'no-answer',
      code: 'protocol',
    });
  });

  it('that is called off ends at once', async () => {
    const abandon = new AbortController();
    const api = await connect(() => abandon.abort());
    const ended = failure(api.listProjects({ signal: abandon.signal }));
    await expect(ended).resolves.toMatchObject({ kind: 'no-answer', code: 'aborted' });
  });
});

describe('a token', () => {
  it('that expires in the middle is replaced, and the call made once more', async () => {
    const api = await connect(withToken(json({})));
    await api.listProjects();
    iam.revokeAll();
    await Promise.all([api.createJobRun(run), api.listJobs({ projectId: 'p' })]);
    expect(iam.requests).toHaveLength(2);
    expect(requestLines()?.filter((line) => line?.startsWith('POST'))).toHaveLength(2);
  });

  it('that stays refused is not replaced for ever', async () => {
    const api = await connect(json({ errors: [{ message: 'No.' }] }, '401 Unauthorized'));
    await expect(failure(api.createJobRun(run))).resolves.toMatchObject({
      kind: 'answered',
      status: 401,
      said: 'No.',
      mayPass: false,
    });
    expect(server?.requests).toHaveLength(2);
    expect(iam.requests).toHaveLength(2);
  });

  it('that IAM refuses is told with its code, and asked for again the next time', async () => {
    const api = await connect(json({}), { kind: 'api-key', apiKey: secret('wrong') });
    for (let n = 0; n < 2; n++)
      await expect(failure(api.listProjects())).resolves.toEqual({
        kind: 'no-token',
        message:
          'no token: IAM answered 400 BXNIM0415E; check the API key or the trusted profile, and whether it is locked',
      });
    expect(iam.requests).toHaveLength(2);
    expect(server?.requests).toEqual([]);
  });

  it.each([
    [{ kind: 'answer', status: 503, body: '{}' }, 'no token: IAM answered 503'],
    [{ kind: 'answer', status: 200, body: '{}' }, 'no token: IAM gave no complete answer (protocol)'],
    [
      { kind: 'answer', status: 200, body: '{"access_token":"x"}' },
      'no token: IAM gave no complete answer (protocol)',
    ],
    [{ kind: 'reset' }, 'no token: IAM gave no complete answer (reset)'],
  ] as const)('that does not come (%j) fails the call, not the next one', async (fault, message) => {
    const api = await connect(withToken(json({})));
    iam.spoil(1, fault);
    await expect(failure(api.listProjects())).resolves.toEqual({ kind: 'no-token', message });
    await expect(api.listProjects()).resolves.toMatchObject({ status: 200 });
  });
});

describe('a trusted profile', () => {
  const folder = async (): Promise<string> => mkdtemp(join(tmpdir(), 'mq-observer-'));

  it.each(['observer', 'Profile-1'])('%s signs in with the token of the instance', async (profile) => {
    const path = await folder();
    await writeFile(join(path, 'token'), 'instance-token');
    const api = await connect(withToken(json({})), { kind: 'trusted-profile', profile }, join(path, 'token'));
    await expect(api.listProjects()).resolves.toMatchObject({ status: 200 });
    await rm(path, { recursive: true });
  });

  it('without that token is told in words, each time', async () => {
    const credentials = { kind: 'trusted-profile', profile: 'observer' } as const;
    const api = await connect(json({}), credentials, join(tmpdir(), 'no-such-folder', 'token'));
    // The SDK itself would let the second call wait for ever.
    for (let n = 0; n < 2; n++)
      await expect(failure(api.listProjects())).resolves.toMatchObject({
        kind: 'no-token',
        message:
          'no token: this instance has no compute resource token; create the function with --trusted-profiles-enabled',
      });
  });
});
