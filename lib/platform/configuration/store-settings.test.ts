import { describe, expect, it } from 'vitest';
import { keysOf, loaded, problemsOf } from './configuration-test-support.ts';

const bucket = { bucket: 'bucket-1', endpoints: 's3.eu-de.example.com' };
const apiKey = { cos_apikey: 'key-1' };
const hmac = { COS_ACCESS_KEY_ID: 'id-1', COS_SECRET_ACCESS_KEY: 'secret-1' };
const profile = { COS_TRUSTED_PROFILE: 'Profile-1' };

describe('the bucket is used', () => {
  it('with an API key', () => {
    const { store, warnings } = loaded({ ...bucket, ...apiKey, resource_instance_id: 'crn:v1::' });
    expect(store).toMatchObject({
      kind: 'cos',
      cos: {
        bucket: 'bucket-1',
        endpoint: 'https://s3.eu-de.example.com',
        resourceInstanceId: 'crn:v1::',
        authEndpoint: 'https://iam.cloud.ibm.com/identity/token',
        credentials: { kind: 'api-key' },
      },
    });
    const credentials = store.cos?.credentials;
    expect(credentials?.kind === 'api-key' && credentials.apiKey.reveal()).toBe('key-1');
    expect(warnings).toEqual([]);
  });

  it('with HMAC credentials', () => {
    const credentials = loaded({ ...bucket, ...hmac }).store.cos?.credentials;
    expect(credentials).toMatchObject({ kind: 'hmac', accessKeyId: 'id-1' });
    expect(credentials?.kind === 'hmac' && credentials.secretAccessKey.reveal()).toBe('secret-1');
  });

  it('with a trusted profile', () => {
    expect(loaded({ ...bucket, ...profile }).store.cos?.credentials).toEqual({
      kind: 'trusted-profile',
      profile: 'Profile-1',
    });
  });

  it('as env.json describes it, the environment winning', () => {
    const document = {
      COS_STORAGE: {
        bucket: 'from-file',
        object_key: 'storeddata',
        cos_apikey: 'k',
        endpoints: 'http://127.0.0.1:7480',
        resource_instance_id: 'crn:x',
      },
    };
    expect(loaded({ bucket: 'from-env' }, document).store).toMatchObject({
      kind: 'cos',
      originalKey: 'storeddata',
      cos: { bucket: 'from-env', endpoint: 'http://127.0.0.1:7480', resourceInstanceId: 'crn:x' },
    });
    expect(loaded({ object_key: 'mine' }, document).store.originalKey).toBe('mine');
  });

  it('because STORE says so', () => {
    expect(loaded({ STORE: 'cos', ...bucket, ...apiKey }).store.kind).toBe('cos');
  });
});

describe('the bucket is not used', () => {
  it("when only the sample's bucket and object_key are given, with a remark", () => {
    const { store, warnings } = loaded(
      {},
      { COS_STORAGE: { bucket: 'mq-ce-observer', object_key: 'storeddata' } },
    );
    expect(store).toMatchObject({ kind: 'file', cos: undefined, originalKey: 'storeddata' });
    expect(warnings).toEqual([
      'COS_STORAGE.bucket: has no effect: no endpoint and no credentials are set, so registrations are kept in a folder',
    ]);
  });

  it.each(['1', 'true', 'yes'])('when NO_COS=%s, whatever is given, without a remark', (NO_COS) => {
    const { store, warnings } = loaded({ NO_COS, ...bucket, ...apiKey, ...profile });
    expect(store).toMatchObject({ kind: 'file', cos: undefined });
    expect(warnings).toEqual([]);
  });

  it('unless NO_COS is off', () => {
    expect(loaded({ NO_COS: 'false', ...bucket, ...apiKey }).store.kind).toBe('cos');
  });

  it('when STORE asks for another place, with remarks', () => {
    const { store, warnings } = loaded({ STORE: 'memory', ...bucket, ...apiKey });
    expect(store).toMatchObject({ kind: 'memory', cos: undefined });
    expect(warnings).toEqual([
      'bucket: has no effect: STORE is memory',
      'endpoints: has no effect: STORE is memory',
      'cos_apikey: has no effect: STORE is memory',
    ]);
  });

  it('and the shared auth_endpoint is not remarked on: it serves Code Engine', () => {
    expect(loaded({ auth_endpoint: 'https://iam.example.com' }).warnings).toEqual([]);
    expect(loaded({ COS_auth_endpoint: 'https://iam.example.com' }).warnings).toHaveLength(1);
  });
});

describe('a bucket that is configured by half is a problem', () => {
  it.each([
    [apiKey, ['bucket', 'endpoints']],
    [{ bucket: 'bucket-1', ...apiKey }, ['endpoints']],
    [{ endpoints: 's3.example.com', ...profile }, ['bucket']],
    [bucket, ['cos_apikey']],
    [{ bucket: 'bucket-1', resource_instance_id: 'crn:x' }, ['cos_apikey', 'endpoints']],
    [{ endpoints: 's3.example.com' }, ['bucket', 'cos_apikey']],
    [{ STORE: 'cos' }, ['bucket', 'cos_apikey', 'endpoints']],
    [{ STORE: 'cos', bucket: 'bucket-1' }, ['cos_apikey', 'endpoints']],
    [{ ...bucket, COS_ACCESS_KEY_ID: 'id' }, ['COS_SECRET_ACCESS_KEY']],
    [{ ...bucket, COS_SECRET_ACCESS_KEY: 's' }, ['COS_ACCESS_KEY_ID']],
    [{ ...bucket, ...apiKey, ...hmac }, ['COS_ACCESS_KEY_ID']],
    [{ ...bucket, ...apiKey, ...profile }, ['COS_TRUSTED_PROFILE']],
    [{ ...bucket, ...hmac, ...profile }, ['COS_TRUSTED_PROFILE']],
    [{ ...bucket, ...apiKey, ...hmac, ...profile }, ['COS_ACCESS_KEY_ID', 'COS_TRUSTED_PROFILE']],
    [{ STORE: 'cos', NO_COS: '1', ...bucket, ...apiKey }, ['STORE']],
  ])('%j', (env, keys) => {
    expect(keysOf(env).toSorted()).toEqual(keys);
  });

  it('and says what is expected', () => {
    expect(problemsOf({ ...bucket })).toEqual([
      {
        key: 'cos_apikey',
        message:
          'is not set; expected exactly one of cos_apikey, COS_ACCESS_KEY_ID with COS_SECRET_ACCESS_KEY, COS_TRUSTED_PROFILE, or NO_COS=1 to keep registrations in a folder',
      },
    ]);
    expect(problemsOf({ ...bucket, ...apiKey, ...profile })[0]?.message).toBe(
      'is given beside cos_apikey; expected exactly one of cos_apikey, COS_ACCESS_KEY_ID with COS_SECRET_ACCESS_KEY, COS_TRUSTED_PROFILE',
    );
  });

  it('but is not called missing where it is only wrong', () => {
    expect(keysOf({ bucket: 'Bad_Bucket', endpoints: 'https://a/b', cos_apikey: 'a b' })).toEqual([
      'bucket',
      'endpoints',
      'cos_apikey',
    ]);
  });
});

it.each(['ab', 'A-bucket', '-bucket', 'bucket-', 'buck_et', 'b'.repeat(64)])(
  'bucket=%j is a problem',
  (name) => {
    expect(keysOf({ ...bucket, ...apiKey, bucket: name })).toEqual(['bucket']);
  },
);

it('HMAC credentials make an address of IAM pointless', () => {
  expect(loaded({ ...bucket, ...hmac, COS_auth_endpoint: 'https://iam.example.com' }).warnings).toEqual([
    'COS_auth_endpoint: has no effect: HMAC credentials do not go through IAM',
  ]);
});

it('a bucket makes a folder pointless', () => {
  expect(loaded({ ...bucket, ...apiKey, DATA_DIR: 'x' }).warnings).toEqual([
    'DATA_DIR: has no effect: registrations are kept in cos',
  ]);
});
