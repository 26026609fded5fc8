import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../../test/support/self-signed-certificate.ts';
import { secret } from '../secret.ts';
import { loaded } from './configuration-test-support.ts';
import { describeConfiguration } from './describe-configuration.ts';
import { settings } from './settings.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const env = {
  QMGR: 'QM1',
  MQ_REST_HOST: 'https://mq.example.com',
  ADMIN_USER: 'admin',
  ADMIN_PASSWORD: 'hidden-password',
  QMGR1: 'QM2',
  bucket: 'bucket-1',
  endpoints: 's3.example.com',
  cos_apikey: 'hidden-cos',
  ce_apikey: 'hidden-ce',
  client_secret: 'hidden-client',
  regions: 'eu-de',
  REGISTER_TOKENS: 'hidden-register-1,hidden-register-2',
  ADMIN_TOKENS: 'hidden-admin-token',
  ENCRYPTION_KEYS: KEY,
  seeddata: '{"mq_requests":[],"x":"hidden-seed"}',
  NOTIFY_SCHEDULE: '*/2 * * * *',
  RESTORE_INTERVAL: '90',
  MQ_TIMEOUT: 'PT2.5S',
};

/** Valid until 2081. */
const WITHOUT_SUBJECT = `-----BEGIN CERTIFICATE-----
MIIBcDCCARegAwIBAgIURWQFUMTVL1gIrFt5XulACcGcNekwCgYIKoZIzj0EAwIw
ADAgFw0yNjExMjIwMzI5NTVaGA8yMDgxMDgyNTAzMjk1NVowADBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABDUr8/ecTt0lN9e3yCnYdikL9/cTpK3VNk1ooopMgpcJ
eGej9QG9YaOcUBsObutS9mEP7OgXmqjtzNS9Pkt6UFWjbTBrMB0GA1UdDgQWBBSE
JcDweYCrSu9XYKoupVbwFLRjkTAfBgNVHSMEGDAWgBSEJcDweYCrSu9XYKoupVbw
FLRjkTAPBgNVHRMBAf8EBTADAQH/MBgGA1UdEQQRMA+CDXNwYXJlLmV4YW1wbGUw
CgYIKoZIzj0EAwIDRwAwRAIgZdiPSqxZ0kNxzZCesOtQsgWme0sM5lh/qRKEn5QV
BC4CID1mrj7vwyTqieVxGbEjArfIpHZrwvjASABEWGhietn0
-----END CERTIFICATE-----`;

describe('describeConfiguration', () => {
  it('shows what is in force, durations in ISO 8601, secrets masked', () => {
    const described = describeConfiguration(loaded(env));
    expect(described.settings).toMatchObject({
      STORE: 'cos',
      bucket: 'bucket-1',
      endpoints: 'https://s3.example.com',
      cos_apikey: '[redacted]',
      COS_ACCESS_KEY_ID: null,
      COS_SECRET_ACCESS_KEY: null,
      COS_TRUSTED_PROFILE: null,
      client_secret: '[redacted]',
      REGISTER_TOKENS: ['[redacted]', '[redacted]'],
      ENCRYPTION_KEYS: ['[redacted]'],
      seeddata: '[36 characters]',
      NOTIFY_SCHEDULE: '*/2 * * * *',
      NOTIFY_INTERVAL: null,
      RESTORE_SCHEDULE: null,
      RESTORE_INTERVAL: 'PT1H30M',
      BACKOFF_DURATION: 'P1D',
      MQ_TIMEOUT: 'PT2.5S',
      NO_COS: false,
      CLOUD_EVENTS: true,
      HTTP_NOTIFY: false,
    });
    const shared = {
      urls: ['https://mq.example.com'],
      api: 'auto',
      login: 'basic',
      user: 'admin',
      password: '[redacted]',
      gateway: null,
      allow_self_signed: false,
      ca: null,
      certificate: null,
      key: null,
    };
    expect(described.queue_managers).toEqual([
      { qmgr: 'QM1', ...shared },
      { qmgr: 'QM2', ...shared },
    ]);
  });

  it('shows a certificate by its subject and when it expires, authorities as PEM, and no key', () => {
    const { cert, key } = selfSignedCertificate('client.example');
    const given = { LOGIN: 'certificate', CERT_FILE: cert, KEY_FILE: key, CA_FILE: cert, GATEWAY_QMGR: 'GW' };
    const servers = { QMGR: 'QM1', API: 'mqsc', MQ_REST_HOSTS: 'a,b' };
    const described = describeConfiguration(loaded({ ...given, ...servers }));
    expect(described.queue_managers).toEqual([
      {
        qmgr: 'QM1',
        urls: ['https://a', 'https://b'],
        api: 'mqsc',
        login: 'certificate',
        user: null,
        password: null,
        gateway: 'GW',
        allow_self_signed: false,
        ca: 'PEM',
        certificate: {
          subject: 'CN=client.example',
          expires: new Date(new X509Certificate(cert).validTo).toISOString(),
        },
        key: '[redacted]',
      },
    ]);
    expect(JSON.stringify(described)).not.toContain('-----');
  });

  it('shows a certificate that has no subject', () => {
    const configuration = loaded({ QMGR: 'Q', MQ_REST_HOST: 'https://mq' });
    const queueManagers = configuration.queueManagers.map((queueManager) => ({
      ...queueManager,
      trust: { ...queueManager.trust, certificate: { cert: WITHOUT_SUBJECT, key: secret('hidden') } },
    }));
    expect(describeConfiguration({ ...configuration, queueManagers }).queue_managers).toMatchObject([
      { certificate: { subject: null, expires: expect.stringMatching(/^2081-/) as string } },
    ]);
  });

  it('is plain JSON and holds no secret', () => {
    const { COS_ACCESS_KEY_ID, ...hmac } = {
      COS_ACCESS_KEY_ID: 'hidden-id',
      COS_SECRET_ACCESS_KEY: 'hidden-secret',
    };
    for (const given of [env, { ...env, cos_apikey: '', COS_ACCESS_KEY_ID, ...hmac }]) {
      const described = describeConfiguration(loaded(given));
      const text = JSON.stringify(described);
      expect(text).not.toMatch(/hidden/);
      expect(text).not.toContain(KEY);
      expect(JSON.parse(text)).toEqual(described);
    }
  });

  it('shows every setting of which something stays', () => {
    const shown = Object.keys(describeConfiguration(loaded()).settings);
    const hidden = settings.map(({ name }) => name).filter((name) => !shown.includes(name));
    expect(hidden).toEqual(['TEST', 'EnvFile', 'ENABLE_ALL']);
  });

  it('shows remarks, and null for what is not set', () => {
    const described = describeConfiguration(
      loaded({ ENABLE_ALL: '1', QMGR: 'Q', MQ_REST_HOST: 'https://mq' }),
    );
    expect(described.warnings).toHaveLength(1);
    expect(described.queue_managers).toMatchObject([{ user: null, password: null }]);
    expect(described.settings).toMatchObject({
      ce_apikey: null,
      CE_TRUSTED_PROFILE: null,
      CE_PROJECT_ID: null,
      bucket: null,
      seeddata: null,
      object_key: null,
    });
  });
});
