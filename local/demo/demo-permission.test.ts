import { describe, expect, it } from 'vitest';
import { planHost } from '../host/host-plan.ts';
import { refusalOfDemo } from './demo-permission.ts';

/** The file that the original ships. */
const SAMPLE = [
  {
    QMGR: '<your qm>',
    MQ_REST_HOST: 'https://<your mq server>',
    MQ_REST_PORT: '9443',
    ADMIN_USER: '<your admin user',
    ADMIN_PASSWORD: '<your admin password',
  },
  { QMGR: '<your other qm>', MQ_REST_HOST: 'https://<your other mq server>', MQ_REST_PORT: '9444' },
];

const readerOf = (document: object | undefined) => (): string => {
  if (document === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return `\uFEFF${JSON.stringify(document)}`;
};
const refusal = (document: object | undefined, env: Readonly<Record<string, string>> = {}) => {
  const sources = { env, readText: readerOf(document) };
  const planned = planHost({ ...sources, cwd: '/' });
  // What the host does before it thinks of a demonstration.
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  expect(planned.plan.configuration.queueManagers).toEqual([]);
  return refusalOfDemo(sources)?.key;
};

describe('the demonstration', () => {
  it.each([
    ['no env.json', undefined],
    ['one without queue managers', { COS_STORAGE: { bucket: 'my-bucket' } }],
    ['one that says that there are none', { MQ_ENDPOINTS: null }],
    ['the sample as it came', { MQ_ENDPOINTS: SAMPLE }],
    ['the sample in other letters', { mq_endpoints: [{ qmgr: '<your qm>', mq_rest_host: '<your mq>' }] }],
  ])('may start with %s', (_what, document) => {
    expect(refusal(document)).toBeUndefined();
  });

  it.each([
    ['an empty list', { MQ_ENDPOINTS: [] }],
    ['an empty entry', { MQ_ENDPOINTS: [{}] }],
    ['blank names', { MQ_ENDPOINTS: [{ QMGR: '', MQ_REST_HOST: ' ', MQ_REST_PORT: '9443' }] }],
    ['a user alone', { Mq_Endpoints: [{ ADMIN_USER: 'observer' }] }],
    ['a sample that somebody began to fill in', { MQ_ENDPOINTS: [{ ...SAMPLE[0], ADMIN_USER: 'observer' }] }],
    ['misspelt names', { MQ_ENDPOINTS: [{ QUEUE_MANAGER: 'QM1', HOST: 'https://mq' }] }],
    ['an entry beside the sample', { MQ_ENDPOINTS: [SAMPLE[0], { MQ_REST_PORT: '1' }] }],
  ])('does not start in place of %s', (_what, document) => {
    expect(refusal(document)).toBe('MQ_ENDPOINTS');
  });

  it('does not start where a file was named, whatever it holds', () => {
    for (const document of [{}, { MQ_ENDPOINTS: SAMPLE }])
      expect(refusal(document, { EnvFile: 'prod.json' })).toBe('EnvFile');
    expect(refusal({}, { EnvFile: ' ' })).toBeUndefined();
  });
});
