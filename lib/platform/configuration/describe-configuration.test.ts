import { describe, expect, it } from 'vitest';
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
    expect(described.queue_managers).toEqual([
      {
        qmgr: 'QM1',
        url: 'https://mq.example.com',
        user: 'admin',
        password: '[redacted]',
        allow_self_signed: false,
      },
      {
        qmgr: 'QM2',
        url: 'https://mq.example.com',
        user: 'admin',
        password: '[redacted]',
        allow_self_signed: false,
      },
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
      bucket: null,
      seeddata: null,
      object_key: null,
    });
  });
});
