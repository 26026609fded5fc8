import { fork } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { registrationKey } from '../../lib/store/keys.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startIamServer } from '../support/iam-server.ts';
import { startS3StandIn } from '../support/s3-server-stand-in.ts';
import { createBucket, s3IsInstalled, s3Server } from '../support/s3-server.ts';

/** Calls the bundle with each of the parameters that it is sent, and sends back the answers. */
const CALLER = `
const { main } = require('./main.js');
process.once('message', async (calls) => {
  const answers = [];
  for (const params of calls) answers.push(await main(params));
  process.send(answers, () => process.exit());
});
`;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  await cp(fileURLToPath(new URL('../../dist/register', import.meta.url)), folder, { recursive: true });
  await writeFile(join(folder, 'caller.js'), CALLER);
});
afterEach(() => rm(folder, { recursive: true }));

/** What the platform hands to a function for one HTTP request. */
const paramsOf = ({ method, path, body, headers = {} }: Call): object => ({
  __ce_method: method,
  __ce_path: path,
  __ce_headers: { 'content-type': 'application/json', ...headers },
  ...(body === undefined ? {} : { __ce_body: Buffer.from(JSON.stringify(body)).toString('base64') }),
});

/** Runs the bundle in a Node of its own, with no package around it, as one instance of the platform. */
function callAll(env: Readonly<Record<string, string>>, calls: readonly Call[]): Promise<readonly Answer[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, 'caller.js'), {
      cwd: folder,
      env: { ALLOW_ANONYMOUS: '1', ...env },
      execArgv: [],
      timeout: 15_000,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let complaints = '';
    let answers: readonly Answer[] | undefined;
    child.stdout?.resume();
    child.stderr?.on('data', (chunk) => (complaints += String(chunk)));
    child.once('message', (message) => (answers = message as unknown as readonly Answer[]));
    child.once('error', reject);
    child.once('close', () => {
      // The SDK's use of `url.parse` is known, and newer versions of Node say so.
      const others = complaints.replaceAll(/^.*(DEP0169|--trace-deprecation).*\n/gm, '');
      if (answers === undefined || others !== '') reject(new Error(`it said: ${complaints}`));
      else resolve(answers);
    });
    child.send(calls.map(paramsOf));
  });
}

const registrationOf = (id: string): object => ({
  id,
  qmgr: 'QM1',
  queue: 'DEV.QUEUE.1',
  notify: 'https://app.example/hook',
});
/** JSON comes as it is, problems as base64. */
const bodyOf = (answer: Answer | undefined): unknown =>
  typeof answer?.body === 'string'
    ? JSON.parse(Buffer.from(answer.body, 'base64').toString('utf8'))
    : answer?.body;

/** Ids that are kept side by side, so many that they are deleted by one request. */
function neighbours(count: number): readonly string[] {
  const ids: string[] = [];
  for (let n = 0; ids.length < count; n++)
    if (registrationKey(asRegistrationId(`n${n}`)).startsWith('registrations/a')) ids.push(`n${n}`);
  return ids;
}

describe('the bundle, alone with Node', () => {
  it.skipIf(!s3IsInstalled)('uses a bucket on a real S3 server', async () => {
    const { endpoint, accessKeyId, secretAccessKey } = await s3Server();
    const proxy = await startFaultProxy(endpoint);
    const env = {
      bucket: await createBucket(),
      endpoints: proxy.url,
      COS_ACCESS_KEY_ID: accessKeyId,
      COS_SECRET_ACCESS_KEY: secretAccessKey,
      COS_ETAG_QUOTES: 'strip',
    };
    const ids = neighbours(10);
    const first = await callAll(env, [
      ...ids.map((id) => ({ method: 'POST', path: '/register', body: registrationOf(id) })),
      { method: 'GET', path: `/register/${ids[0]}` },
    ]);
    expect(first.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 11 }, () => 200));
    const etag = first.at(-1)?.headers['etag'] ?? '';
    expect(etag).not.toBe('');

    // Another instance sees what the first one stored.
    const over = { method: 'POST', path: '/register', body: registrationOf(ids[0] ?? '') };
    const second = await callAll(env, [
      { method: 'GET', path: '/register' },
      { ...over, headers: { 'if-match': etag } },
      { ...over, headers: { 'if-match': etag } },
      { ...over, headers: { 'if-none-match': '*' } },
      { method: 'DELETE', path: `/register/${ids[0]}` },
      { method: 'GET', path: `/register/${ids[0]}` },
      { method: 'DELETE', path: '/admin/flush' },
      { method: 'GET', path: '/register' },
    ]);
    expect(second.map(({ statusCode }) => statusCode)).toEqual([200, 200, 412, 412, 200, 404, 200, 200]);
    const listedIds = (answer: Answer | undefined): unknown[] =>
      JSON.stringify(bodyOf(answer)).match(/"id":"[^"]*"/g) ?? [];
    expect(listedIds(second[0])).toHaveLength(10);
    expect(listedIds(second.at(-1))).toEqual([]);
    // All that is left in of the SDK was used.
    const operations = new Set(proxy.journal.map(({ operation }) => operation));
    expect([...operations].toSorted()).toEqual(['delete', 'delete-batch', 'get', 'list', 'put']);
    await proxy.close();
  });

  it.skipIf(!s3IsInstalled)('says what is wrong when conditions do not work as configured', async () => {
    const { endpoint, accessKeyId, secretAccessKey } = await s3Server();
    const env = {
      bucket: await createBucket(),
      endpoints: endpoint,
      COS_ACCESS_KEY_ID: accessKeyId,
      COS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const [answer] = await callAll(env, [{ method: 'GET', path: '/register' }]);
    expect(answer?.statusCode).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(bodyOf(answer))).toContain('Set COS_ETAG_QUOTES to `strip`');
  });

  it('uses a bucket with tokens of IAM', async () => {
    const iam = await startIamServer();
    const s3 = await startS3StandIn({
      authorize: (authorization) =>
        iam.isValid(authorization.replace(/^Bearer /, ''))
          ? undefined
          : { status: 401, code: 'InvalidToken' },
    });
    const env = {
      bucket: 'bucket',
      endpoints: s3.url,
      cos_apikey: 'api-key',
      COS_auth_endpoint: iam.baseUrl,
    };
    const answers = await callAll(env, [
      { method: 'POST', path: '/register', body: registrationOf('one') },
      { method: 'GET', path: '/register/one' },
      { method: 'DELETE', path: '/register/one' },
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(iam.requests).toHaveLength(1);
    await Promise.all([iam.close(), s3.close()]);
  });
});
