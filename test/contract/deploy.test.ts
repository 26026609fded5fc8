import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployed, dir, functions, lines, projectOf, run, SALT } from '../support/ibmcloud-deployments.ts';
import { SECRETS, SETTINGS } from '../support/ibmcloud-settings.ts';
import { aCloud, emptyProject, type CronState } from '../support/ibmcloud-state.ts';
import { selfSignedCertificate } from '../support/self-signed-certificate.ts';

describe('the first deployment', () => {
  it('makes project, settings, secrets, functions with their sizes, and timers', async () => {
    const state = await deployed();
    const project = projectOf(state);
    expect(Object.keys(project?.functions ?? {})).toEqual(functions.map(({ name }) => name));
    expect(project?.functions['notify-cycle']).toEqual({
      flags: {
        '--name': 'notify-cycle',
        '--build-source': join(dir, 'notify-cycle'),
        '--runtime': 'nodejs-24',
        '--cpu': '1',
        '--memory': '4G',
        '--maxexecutiontime': '120',
        '--scale-down-delay': '1',
        '--visibility': 'project',
        '--trusted-profiles-enabled': 'false',
      },
      env: { MQ_OBSERVER_SETTINGS: expect.stringMatching(/^[0-9a-f]{64}$/) },
      references: ['mq-observer-settings', 'mq-observer-secrets'],
    });
    expect(project?.secrets).toEqual({
      'mq-observer-secrets': {
        ...SECRETS,
        ...SALT,
        ADMIN_PASSWORD: undefined,
        ADMIN_PASSWORD0: SECRETS.ADMIN_PASSWORD,
      },
    });
    expect(project?.configmaps['mq-observer-settings']).toMatchObject({
      bucket: 'observer-bucket',
      QMGR0: 'QM1',
    });
    expect(project?.crons).toEqual({
      'mq-observer-notify-cycle': aTimer('notify-cycle', '*/5 * * * *'),
      'mq-observer-restore-cycle': aTimer('restore-cycle', '0 * * * *'),
      'mq-observer-persist': aTimer('persist', '*/10 * * * *'),
    });
  });

  it('tells actuator and register of each other', async () => {
    const { functions: made } = projectOf(await deployed()) ?? emptyProject();
    expect(made['actuator']?.env).toMatchObject({
      DASHBOARD_REGISTER_URL: 'https://register.abcdef1234.eu-de.codeengine.appdomain.cloud',
    });
    expect(made['register']?.env).toMatchObject({
      DASHBOARD_ORIGIN: 'https://actuator.abcdef1234.eu-de.codeengine.appdomain.cloud',
    });
  });

  it('ends with what the command line has to know', async () => {
    await run(aCloud());
    expect(lines.at(-1)).toContain(
      'export MQ_OBSERVER_URL=https://register.abcdef1234.eu-de.codeengine.appdomain.cloud\n',
    );
    expect(lines.at(-1)).toMatch(
      /export MQ_OBSERVER_ACTUATOR_URL=https:\/\/actuator\.abcdef1234\.eu-de\.codeengine\.appdomain\.cloud$/,
    );
  });

  it('notes that without REGISTER_TOKENS applications need a token that permits everything', async () => {
    const { REGISTER_TOKENS: _, ...others } = SETTINGS;
    await run(aCloud(), { env: others });
    expect(lines.join('\n')).toContain('Note: REGISTER_TOKENS is not set');
  });

  it('needs no token where anybody may call', async () => {
    const { ADMIN_TOKENS: _, REGISTER_TOKENS: __, ...others } = SETTINGS;
    const state = aCloud();
    await run(state, { env: { ...others, ALLOW_ANONYMOUS: '1' } });
    expect(projectOf(state)?.secrets['mq-observer-secrets']).not.toHaveProperty('ADMIN_TOKENS');
  });

  it('has no secret on a command line or in what it says', async () => {
    const state = aCloud();
    await run(state);
    const seen = JSON.stringify(state.calls) + lines.join('\n');
    for (const value of Object.values(SECRETS)) {
      expect(seen).not.toContain(JSON.stringify(value).slice(1, -1));
      expect(seen).not.toContain(Buffer.from(value).toString('base64'));
    }
  });

  it('takes values of several lines as they are, and files in place of their paths', async () => {
    const { cert } = selfSignedCertificate('mq.example.com');
    writeFileSync(join(dir, 'ca.pem'), cert);
    const state = aCloud();
    await run(state, {
      env: { ...SETTINGS, CA_FILE: join(dir, 'ca.pem'), seeddata: '{"mq_requests":\n[]}' },
    });
    expect(projectOf(state)?.configmaps['mq-observer-settings']?.['CA_FILE0']).toBe(cert);
    expect(projectOf(state)?.secrets['mq-observer-secrets']?.['seeddata']).toBe('{"mq_requests":\n[]}');
  });

  it('takes what env.json holds, too', async () => {
    const state = aCloud();
    const { REGISTER_TOKENS, ADMIN_TOKENS } = SECRETS;
    const file = {
      MQ_ENDPOINTS: [
        {
          QMGR: 'QM1',
          MQ_REST_HOST: 'https://one.example.com',
          ADMIN_USER: 'a',
          ADMIN_PASSWORD: 'first-password',
        },
        {
          QMGR: 'QM2',
          MQ_REST_HOST: 'https://two.example.com',
          ADMIN_USER: 'a',
          ADMIN_PASSWORD: 'second-password',
        },
      ],
      COS_STORAGE: { bucket: 'observer-bucket', endpoints: 's3.example.com', cos_apikey: SECRETS.cos_apikey },
    };
    await run(state, { env: { REGISTER_TOKENS, ADMIN_TOKENS }, file });
    expect(projectOf(state)?.secrets['mq-observer-secrets']).toEqual({
      ...{ ...SALT, REGISTER_TOKENS, ADMIN_TOKENS, cos_apikey: SECRETS.cos_apikey },
      ...{ ADMIN_PASSWORD0: 'first-password', ADMIN_PASSWORD1: 'second-password' },
    });
    expect(projectOf(state)?.configmaps['mq-observer-settings']).toMatchObject({
      QMGR1: 'QM2',
      bucket: 'observer-bucket',
    });
  });

  it('lets functions sign in by a trusted profile when one is set', async () => {
    const state = aCloud();
    const { cos_apikey: _, ...others } = SETTINGS;
    await run(state, { env: { ...others, COS_TRUSTED_PROFILE: 'observer' } });
    expect(projectOf(state)?.functions['persist']?.flags['--trusted-profiles-enabled']).toBe('true');
  });
});

function aTimer(destination: string, schedule: string): CronState {
  return { destination, destinationType: 'function', schedule, timeZone: 'UTC' };
}
