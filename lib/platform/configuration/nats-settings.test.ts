import { credsAuthenticator, nkeys } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { loaded, noFile, problemsOf } from './configuration-test-support.ts';
import { describeConfiguration } from './describe-configuration.ts';
import { loadConfiguration } from './load-configuration.ts';

const SEED = new TextDecoder().decode(nkeys.createUser().getSeed());
const CREDS = `-----BEGIN NATS USER JWT-----
eyJ0eXAiOiJKV1QifQ.eyJqdGkiOiJYIn0.c2lnbmF0dXJl
------END NATS USER JWT------

************************* IMPORTANT *************************
NKEY Seed printed below can be used to sign and prove identity.

-----BEGIN USER NKEY SEED-----
${SEED}
------END USER NKEY SEED------

*************************************************************
`;

const URL = 'nats://nats.example.com:4222';

/** How a configuration with these variables signs in, secrets revealed. */
function credentialsOf(env: Readonly<Record<string, string>>, files = {}): unknown {
  const credentials = loaded(env, undefined, files).nats?.credentials;
  switch (credentials?.kind) {
    case 'password':
      return [credentials.user, credentials.password.reveal()];
    case 'token':
      return credentials.token.reveal();
    default:
      return credentials?.text.reveal();
  }
}

describe('the settings of NATS', () => {
  it('are absent without NATS_URL, and others then have no effect', () => {
    expect(loaded().nats).toBeUndefined();
    const { nats, warnings } = loaded({
      NATS_SERIALIZATION: 'cbor',
      NATS_COMPRESSION: 'zstd',
      NATS_CREDS: CREDS,
    });
    expect(nats).toBeUndefined();
    expect(warnings).toEqual(
      ['NATS_CREDS', 'NATS_SERIALIZATION', 'NATS_COMPRESSION'].map(
        (name) => `${name}: has no effect: NATS_URL is not set, so no NATS subject can be reached`,
      ),
    );
  });

  it('take one server or several, and write JSON unless told otherwise', () => {
    expect(loaded({ NATS_URL: URL }).nats).toEqual({
      servers: [URL],
      credentials: undefined,
      serialization: 'json',
      compression: 'none',
    });
    expect(
      loaded({
        NATS_URL: ' TLS://A.example.com , tls://[::1]:4443/, tls://a.example.com ',
        NATS_SERIALIZATION: 'CBOR',
        NATS_COMPRESSION: 'zstd',
      }).nats,
    ).toMatchObject({
      servers: ['tls://a.example.com', 'tls://[::1]:4443'],
      serialization: 'cbor',
      compression: 'zstd',
    });
    expect(loaded({ NATS_URL: 'wss://nats.example.com/nats' }).nats?.servers).toEqual([
      'wss://nats.example.com/nats',
    ]);
  });

  it('take credentials out of the URLs', () => {
    const NATS_URL = 'nats://us%40er:p%3Aw%2Fd@a.example.com,nats://b.example.com:4223';
    expect(loaded({ NATS_URL }).nats?.servers).toEqual(['nats://a.example.com', 'nats://b.example.com:4223']);
    expect(credentialsOf({ NATS_URL })).toEqual(['us@er', 'p:w/d']);
    expect(credentialsOf({ NATS_URL: 'nats://s3cr3t@a.example.com' })).toBe('s3cr3t');
    expect(credentialsOf({ NATS_URL: 'nats://p@ss/w:rd@a.example.com' })).toEqual(['p@ss/w', 'rd']);
  });

  it('take a credentials file by its path or as text, in a form that the client reads', () => {
    const files = { '/run/creds': CREDS.replaceAll('\n', '\r\n') };
    const read = credentialsOf({ NATS_URL: URL, NATS_CREDS: ' /run/creds ' }, files);
    expect(read).toBe(CREDS);
    expect(credentialsOf({ NATS_URL: URL, NATS_CREDS: CREDS.trim() })).toBe(CREDS);
    const signIn = credsAuthenticator(Buffer.from(String(read)))('nonce');
    expect(signIn).toMatchObject({ jwt: 'eyJ0eXAiOiJKV1QifQ.eyJqdGkiOiJYIn0.c2lnbmF0dXJl', sig: /./ });
  });

  it('prefer the credentials file', () => {
    const { nats, warnings } = loaded({ NATS_URL: 'nats://user:pass@a.example.com', NATS_CREDS: CREDS });
    expect(nats?.credentials?.kind).toBe('creds');
    expect(warnings).toEqual(['NATS_URL: the credentials in it have no effect: NATS_CREDS is set']);
  });

  it('show no secret', () => {
    const shown = (env: Readonly<Record<string, string>>) => describeConfiguration(loaded(env)).settings;
    expect(shown({ NATS_URL: 'nats://user:hidden@a.example.com' })).toMatchObject({
      NATS_URL: ['nats://[redacted]@a.example.com'],
      NATS_CREDS: null,
      NATS_SERIALIZATION: 'json',
      NATS_COMPRESSION: 'none',
    });
    expect(shown({ NATS_URL: URL, NATS_CREDS: CREDS })).toMatchObject({
      NATS_URL: [URL],
      NATS_CREDS: '[redacted]',
    });
    expect(shown({})).toMatchObject({ NATS_URL: null, NATS_SERIALIZATION: null });
    expect(
      JSON.stringify(loaded({ NATS_URL: 'nats://user:hidden@a.example.com', NATS_CREDS: CREDS })),
    ).not.toMatch(`hidden|${SEED}`);
  });

  it.each([
    'a.example.com',
    'http://a.example.com',
    'nats://',
    'nats://a.example.com/path',
    'nats://a.example.com:0',
    'nats://a.example.com?x=hidden',
    'nats://a_b.example.com#hidden',
    'nats://user:hid:den@a.example.com',
    'nats://user:@a.example.com',
    'nats://%zz:hidden@a.example.com',
    'nats://user:hidden%0A@a.example.com',
    'nats://a.example.com,tls://b.example.com',
    'nats://user:hidden@a.example.com,nats://other:hidden@b.example.com',
    'nats://a.example.com,hidden:hidden@b',
    ',',
  ])('refuse %s as NATS_URL, and repeat nothing of it', (text) => {
    const [problem, ...more] = problemsOf({ NATS_URL: text });
    expect(more).toEqual([]);
    expect(problem?.key).toBe('NATS_URL');
    expect(problem?.message).toMatch(/; expected /);
    expect(problem?.message).not.toMatch(/hid/);
  });

  it('refuse a credentials file that is none, and one that cannot be read', () => {
    const message = (text: string, files = {}) =>
      problemsOf({ NATS_URL: URL, NATS_CREDS: text }, undefined, files)[0]?.message;
    expect(message('/run/creds')).toBe(
      'cannot be read as a file (ENOENT); expected the path of a readable NATS credentials file, or its text',
    );
    const expected =
      'holds something else; expected NATS credentials with a user JWT and a user seed, as nsc writes them';
    expect(message('/run/creds', { '/run/creds': SEED })).toBe(expected);
    expect(message(CREDS.replace('SU', 'SA'))).toBe(expected);
    expect(message(CREDS.replace('BEGIN NATS USER JWT', 'BEGIN JWT'))).toBe(expected);
    expect(message(CREDS + ' '.repeat(70_000) + '.')).toBe(expected);
  });

  it('read no file that nobody names', () => {
    const result = loadConfiguration({ NATS_URL: URL, NATS_CREDS: CREDS }, (path) =>
      path === './env.json' ? noFile(path) : expect.fail(path),
    );
    expect(result.ok).toBe(true);
  });

  it('refuse other words for how wake-ups are written', () => {
    expect(
      problemsOf({ NATS_URL: URL, NATS_SERIALIZATION: 'gob', NATS_COMPRESSION: 'gzip' }).map(
        ({ key }) => key,
      ),
    ).toEqual(['NATS_SERIALIZATION', 'NATS_COMPRESSION']);
  });
});
