import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ContainerAuthenticator, IamAuthenticator } from 'ibm-cloud-sdk-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccessTokens } from '../../lib/object-store/cos/access-token.ts';
import { connectCos } from '../../lib/object-store/cos/connect-cos.ts';
import { createCosObjectStore } from '../../lib/object-store/cos/cos-object-store.ts';
import { trustedProfileGrant } from '../../lib/object-store/cos/grants.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import type { CosSettings } from '../../lib/platform/configuration/configuration.ts';
import { createHttpClient } from '../../lib/platform/http-client.ts';
import { secret } from '../../lib/platform/secret.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { iamSettings, startIamServer, type IamServer } from '../support/iam-server.ts';
import { startS3StandIn, type S3Refusal, type S3StandIn } from '../support/s3-server-stand-in.ts';
import { aDraft, testStore } from '../support/test-store.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const PROFILE = { name: 'mq-observer', id: 'Profile-0a1b2c' };
const HOUR_MS = 3_600_000;

let clock: VirtualClock;
let iam: IamServer;
let s3: S3StandIn;
/** What S3 says to a token that IAM does not know, or no longer. */
let refusal: S3Refusal;
let takesTokens = true;
let computeResourceToken = '';
let folder = '';

beforeEach(async () => {
  clock = createVirtualClock();
  refusal = { status: 401, code: 'InvalidToken' };
  takesTokens = true;
  computeResourceToken = 'first token of the platform';
  iam = await startIamServer({
    profile: PROFILE,
    computeResourceToken: () => computeResourceToken,
    livesS: HOUR_MS / 1000,
    nowMs: clock.nowMs,
  });
  s3 = await startS3StandIn({
    authorize: (authorization) =>
      takesTokens && iam.isValid(authorization.replace(/^Bearer /, '')) ? undefined : refusal,
  });
  folder = await mkdtemp(join(tmpdir(), 'iam-'));
});
afterEach(async () => {
  await Promise.all([iam.close(), s3.close(), rm(folder, { recursive: true })]);
});

const connected = (credentials?: CosSettings['credentials']): ObjectStore =>
  connectCos(iamSettings(iam, s3.url, credentials), clock);

/** A condition that is waited for, not slept for. */
async function until(holds: () => boolean): Promise<void> {
  const endMs = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error('it did not come about within 5 s');
    await systemClock.sleep(2);
  }
}

describe('Cloud Object Storage with tokens of IAM', () => {
  it('reads, writes, lists and deletes with a bearer token and its conditions', async () => {
    const store = connected();
    const first = await store.put('a/k', 'one', { ifNoneMatch: '*' });
    expect(await store.put('a/k', 'two', { ifNoneMatch: '*' })).toEqual({ kind: 'conflict' });
    if (first.kind !== 'written') throw new Error('not written');
    expect(await store.put('a/k', 'two', { ifMatch: first.etag })).toMatchObject({ kind: 'written' });
    expect(await store.put('a/k', 'three', { ifMatch: first.etag })).toEqual({ kind: 'conflict' });
    expect(await store.list('a/')).toMatchObject({ objects: [{ key: 'a/k', sizeBytes: 3 }] });
    await store.delete(['a/k']);
    expect(await store.get('a/k')).toEqual({ kind: 'not-found' });
    expect(new Set(s3.authorizations).size).toBe(1);
    expect(s3.authorizations[0]).toMatch(/^Bearer \S+$/);
  });

  it('asks for one token for 20 calls at once', async () => {
    const store = connected();
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => store.put(`k${n}`, 'x')));
    expect(results.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'written'));
    expect(iam.requests).toEqual([
      {
        grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
        apikey: 'api-key',
        response_type: 'cloud_iam',
      },
    ]);
  });

  it('has a new token before the old one runs out, and nobody waits for it', async () => {
    const store = connected();
    await store.get('k');
    clock.advance(HOUR_MS * 0.8 - 1);
    await store.get('k');
    expect(iam.requests).toHaveLength(1);
    clock.advance(1);
    iam.spoil(1, { kind: 'stall' });
    await store.get('k');
    await until(() => iam.requests.length === 2);
    expect(new Set(s3.authorizations).size).toBe(1);
  });

  it.each([
    ['401', { status: 401, code: 'InvalidToken' }],
    ['403', { status: 403, code: 'AccessDenied' }],
    ['400', { status: 400, code: 'ExpiredToken' }],
  ] as const)('goes on with one new token when the old one is refused with %s', async (_, said) => {
    refusal = said;
    const store = testStore({ objects: connected(), clock, random: systemRandomness });
    await store.registrations.put(aDraft({ id: 'before' }));
    expect(iam.requests).toHaveLength(1);
    clock.advance(60_000);
    iam.revokeAll();
    const drafts = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => aDraft({ id: `after ${n}` }));
    await Promise.all(drafts.map((draft) => store.registrations.put(draft)));
    expect(iam.requests).toHaveLength(2);
    expect((await store.registrations.readAll()).stored).toHaveLength(9);
  });

  it('gives up with `denied` when the new token is refused, too', async () => {
    const store = testStore({ objects: connected(), clock, random: systemRandomness });
    await store.registrations.put(aDraft({ id: 'before' }));
    clock.advance(60_000);
    refusal = { status: 403, code: 'AccessDenied' };
    takesTokens = false;
    const failure = store.registrations.put(aDraft({ id: 'after' }));
    await expect(failure).rejects.toMatchObject({ code: 'denied', retryable: false });
    expect(iam.requests).toHaveLength(2);
  });

  it('says `denied` with the code of IAM for a wrong API key, and does not tell the key', async () => {
    const store = connected({ kind: 'api-key', apiKey: secret('a-wrong-key') });
    const error: unknown = await store.put('k', 'x').catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: 'denied',
      message: `no token: ${new URL(iam.baseUrl).host} answered 400 BXNIM0415E; check the API key or the trusted profile`,
    });
    expect(inspect(error, { depth: 10 })).not.toContain('a-wrong-key');
    expect(s3.authorizations).toEqual([]);
  });

  it.each([
    ['resets', { kind: 'reset' }],
    ['fails', { kind: 'answer', status: 500, body: 'oops' }],
    ['is somebody else', { kind: 'answer', status: 200, body: '<html>' }],
  ] as const)('says `unavailable` while IAM %s, and recovers by itself', async (_, fault) => {
    const store = connected();
    iam.spoil(2, fault);
    await expect(store.put('k', 'x')).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      writeMayHaveLanded: false,
    });
    await expect(store.get('k')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.put('k', 'x')).toMatchObject({ kind: 'written' });
    expect(iam.requests).toHaveLength(3);
  });

  it('rides out a short absence of IAM within one call of the store', async () => {
    const store = testStore({ objects: connected(), clock: systemClock, random: systemRandomness });
    iam.spoil(3, { kind: 'reset' });
    await store.registrations.put(aDraft());
    expect(iam.requests).toHaveLength(4);
  });
});

describe('Cloud Object Storage with a trusted profile', () => {
  const onProfile = (profile: string): ObjectStore =>
    createCosObjectStore({
      settings: iamSettings(iam, s3.url, { kind: 'trusted-profile', profile }),
      tokens: createAccessTokens({
        http: createHttpClient(),
        clock,
        tokenUrl: iam.tokenUrl,
        grant: () => trustedProfileGrant(profile, [join(folder, 'token')]),
      }),
    });

  it.each([
    ['its name', PROFILE.name, { profile_name: PROFILE.name }],
    ['its id', PROFILE.id, { profile_id: PROFILE.id }],
  ])('signs in by %s and the token of the platform', async (_, profile, field) => {
    await writeFile(join(folder, 'token'), `${computeResourceToken}\n`);
    expect(await onProfile(profile).put('k', 'x')).toMatchObject({ kind: 'written' });
    const grant_type = 'urn:ibm:params:oauth:grant-type:cr-token';
    expect(iam.requests).toEqual([{ grant_type, cr_token: computeResourceToken, ...field }]);
  });

  it("reads the platform's token anew for each token of IAM", async () => {
    await writeFile(join(folder, 'token'), computeResourceToken);
    const store = onProfile(PROFILE.name);
    await store.put('k', 'x');
    computeResourceToken = 'second token of the platform';
    await writeFile(join(folder, 'token'), computeResourceToken);
    clock.advance(HOUR_MS);
    expect(await store.put('k', 'y')).toMatchObject({ kind: 'written' });
    expect(iam.requests.map((fields) => fields['cr_token'])).toEqual([
      'first token of the platform',
      'second token of the platform',
    ]);
  });

  it('says what to do where the platform gives no token', async () => {
    const store = connected({ kind: 'trusted-profile', profile: PROFILE.name });
    await expect(store.put('k', 'x')).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(
        /^no compute resource token in .*compute-resource-token\/token \(ENOENT\); create the function with --trusted-profiles-enabled$/,
      ),
    });
    expect(iam.requests).toEqual([]);
  });
});

describe('our exchange of credentials, beside that of ibm-cloud-sdk-core', () => {
  it('sends the same fields for an API key', async () => {
    const theirs = new IamAuthenticator({ apikey: 'api-key', url: iam.baseUrl });
    await theirs.authenticate({ headers: {} });
    await connected().get('k');
    const [first, second] = iam.requests;
    expect(second).toEqual(first);
  });

  it.each([
    ['named', PROFILE.name, { iamProfileName: PROFILE.name }],
    ['given by its id', PROFILE.id, { iamProfileId: PROFILE.id }],
  ])('sends the same fields for a trusted profile %s', async (_, profile, theirOptions) => {
    const crTokenFilename = join(folder, 'token');
    await writeFile(crTokenFilename, computeResourceToken);
    const theirs = new ContainerAuthenticator({ crTokenFilename, url: iam.baseUrl, ...theirOptions });
    await theirs.authenticate({ headers: {} });
    const ours = createAccessTokens({
      http: createHttpClient(),
      clock,
      tokenUrl: iam.tokenUrl,
      grant: () => trustedProfileGrant(profile, [crTokenFilename]),
    });
    await ours.current();
    const [first, second] = iam.requests;
    expect(second).toEqual(first);
  });
});
