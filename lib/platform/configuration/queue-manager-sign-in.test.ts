import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../../test/support/self-signed-certificate.ts';
import { keysOf, loaded, problemsOf } from './configuration-test-support.ts';
import type { QueueManagerSettings } from './configuration.ts';
import type { Environment } from './setting-reader.ts';

const ours = selfSignedCertificate('ours.example');
const other = selfSignedCertificate('other.example');
const files = {
  'ca.pem': other.cert + ours.cert,
  'cert.pem': ours.cert,
  'key.pem': ours.key,
  'other.pem': other.cert,
  'other-key.pem': other.key,
};
const env = { QMGR: 'A', MQ_REST_HOST: 'https://mq.example.com' };
const pair = { CERT_FILE: 'cert.pem', KEY_FILE: 'key.pem' };

function managers(given: Environment, document?: unknown): readonly QueueManagerSettings[] {
  return loaded({ ...env, ...given }, document, files).queueManagers;
}

describe('LOGIN', () => {
  it.each([
    [{}, { kind: 'basic', user: 'u' }],
    [{ LOGIN: 'Basic' }, { kind: 'basic', user: 'u' }],
    [{ LOGIN: 'LTPA' }, { kind: 'ltpa', user: 'u' }],
    [
      { LOGIN0: 'ltpa', LOGIN: 'basic' },
      { kind: 'ltpa', user: 'u' },
    ],
  ])('says how to sign in with user and password: %j', (given, login) => {
    expect(managers({ ADMIN_USER: 'u', ...given })[0]?.login).toMatchObject(login);
  });

  it('is one of three words', () => {
    expect(problemsOf({ ...env, LOGIN: 'token' })).toEqual([
      { key: 'LOGIN', message: 'is "token"; expected one of basic, ltpa, certificate' },
    ]);
  });

  it('by certificate needs one and its key', () => {
    expect(managers({ LOGIN: 'certificate', ...pair })[0]?.login).toEqual({ kind: 'certificate' });
    const CERT_FILE = 'MQ_ENDPOINTS[0].CERT_FILE';
    expect(problemsOf({ ...env, LOGIN: 'certificate' })).toEqual([
      {
        key: CERT_FILE,
        message:
          'is not set; expected, here or in the environment variable CERT_FILE0, because LOGIN is certificate',
      },
      expect.objectContaining({ key: 'MQ_ENDPOINTS[0].KEY_FILE' }),
    ]);
    expect(keysOf({ ...env, LOGIN: 'certificate', KEY_FILE: 'key.pem' }, undefined, files)).toEqual([
      CERT_FILE,
    ]);
  });

  it("by certificate leaves a slot's own user and password without effect, with a remark", () => {
    const given = { ...env, LOGIN: 'certificate', ...pair, ADMIN_USER: 'u', ADMIN_PASSWORD: 'p' };
    expect(loaded(given, undefined, files).warnings).toEqual([
      'ADMIN_USER: has no effect for slot 0: LOGIN is certificate',
      'ADMIN_PASSWORD: has no effect for slot 0: LOGIN is certificate',
    ]);
    const second = { ...env, ADMIN_USER: 'u', QMGR1: 'B', LOGIN1: 'certificate', ...pair };
    expect(loaded(second, undefined, files).warnings).toEqual([]);
  });
});

describe('certificates', () => {
  it('are none unless they are given', () => {
    expect(managers({})[0]?.trust).toEqual({ allowSelfSigned: false, ca: undefined, certificate: undefined });
  });

  it('are read from files or given as PEM, and taken over from slot 0', () => {
    const [first, second] = managers({ CA_FILE: 'ca.pem', ...pair, QMGR1: 'B', CA_FILE1: ours.cert });
    expect(first?.trust.ca).toBe(other.cert + ours.cert);
    expect(second?.trust.ca).toBe(ours.cert);
    for (const trust of [first?.trust, second?.trust]) {
      expect(trust?.certificate?.cert).toBe(ours.cert);
      expect(trust?.certificate?.key.reveal()).toBe(ours.key);
    }
  });

  it('of env.json are read as those of the environment', () => {
    const document = { MQ_ENDPOINTS: [{}, { QMGR: 'B', CERT_FILE: 'other.pem', KEY_FILE: other.key }] };
    const [first, second] = managers(pair, document);
    expect(first?.trust.certificate?.cert).toBe(ours.cert);
    expect(second?.trust.certificate?.cert).toBe(other.cert);
  });

  it('come with their key, also where the login does not need them', () => {
    expect(problemsOf({ ...env, CERT_FILE: 'cert.pem' }, undefined, files)).toEqual([
      {
        key: 'MQ_ENDPOINTS[0].KEY_FILE',
        message:
          'is not set; expected, here or in the environment variable KEY_FILE0, because CERT_FILE is set',
      },
    ]);
    expect(keysOf({ ...env, KEY_FILE: 'key.pem' }, undefined, files)).toEqual(['MQ_ENDPOINTS[0].CERT_FILE']);
  });

  it('and their key belong together', () => {
    expect(problemsOf({ ...env, ...pair, KEY_FILE: 'other-key.pem' }, undefined, files)).toEqual([
      {
        key: 'KEY_FILE',
        message: "is not the key of the first certificate in CERT_FILE; expected that certificate's key",
      },
    ]);
    const slots = { ...env, ...pair, QMGR1: 'B' };
    expect(problemsOf({ ...slots, CERT_FILE1: 'other.pem' }, undefined, files)).toEqual([
      {
        key: 'CERT_FILE1',
        message:
          'holds a certificate first that KEY_FILE is not the key of; expected the certificate of that key first',
      },
    ]);
    expect(keysOf({ ...slots, KEY_FILE1: 'other-key.pem' }, undefined, files)).toEqual(['KEY_FILE1']);
  });

  it('are problems by the key that names them, and show nothing of a key', () => {
    const given = { CA_FILE: 'none.pem', CERT_FILE: 'key.pem', KEY_FILE: 'hidden-key-pasted-in' };
    const problems = problemsOf({ ...env, ...given }, undefined, files);
    expect(problems.map(({ key }) => key)).toEqual(['CA_FILE', 'CERT_FILE', 'KEY_FILE']);
    const text = JSON.stringify(problems);
    expect(text).not.toContain('hidden');
    expect(text).not.toContain(ours.key.split('\n')[1]);
  });
});
