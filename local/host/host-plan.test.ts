import { describe, expect, it } from 'vitest';
import { demoEnvironment } from '../demo/demo-settings.ts';
import { planHost, type Environment, type HostPlan, type PlanResult } from './host-plan.ts';

const absent = (): string => {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};
const plan = (env: Environment): PlanResult =>
  planHost({ env, readText: absent, cwd: '/home/somebody/observer' });
const planned = (env: Environment): HostPlan => {
  const result = plan(env);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
};
const problemsOf = (env: Environment): Readonly<Record<string, string>> => {
  const result = plan(env);
  return result.ok ? {} : Object.fromEntries(result.problems.map(({ key, message }) => [key, message]));
};
const TOKENS = { REGISTER_TOKENS: 'register-token-0123456789', ADMIN_TOKENS: 'admin-token-0123456789' };

describe('the plan of the local host', () => {
  it('is open on loopback when nothing is said, for functions and gateway alike', () => {
    const { functionEnv, isOpenByDefault, configuration } = planned({});
    expect(isOpenByDefault).toBe(true);
    expect(functionEnv['ALLOW_ANONYMOUS']).toBe('1');
    expect(configuration.access.allowAnonymous).toBe(true);
  });

  it.each([
    ['tokens', TOKENS],
    ['ALLOW_ANONYMOUS', { ALLOW_ANONYMOUS: '1' }],
  ])('is as configured with %s', (_what, env) => {
    expect(planned({ ...env, HOST: '0.0.0.0' }).isOpenByDefault).toBe(false);
    expect(planned(env).functionEnv).toMatchObject(env);
    expect(planned(TOKENS).functionEnv).not.toHaveProperty('ALLOW_ANONYMOUS');
  });

  it('does not open an address that others can reach', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })['HOST']).toContain(
      'set REGISTER_TOKENS and ADMIN_TOKENS, or ALLOW_ANONYMOUS=1',
    );
    expect(problemsOf({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'no' })).toHaveProperty('HOST');
  });

  it('lets targets on this machine be registered unless told otherwise', () => {
    expect(planned({}).configuration.delivery.allowTargets).toEqual(['127.0.0.0/8', '::1']);
    expect(planned({ ALLOW_TARGETS: ' ' }).functionEnv['ALLOW_TARGETS']).toBe('127.0.0.0/8,::1');
    expect(planned({ ALLOW_TARGETS: '10.0.0.0/8' }).configuration.delivery.allowTargets).toEqual([
      '10.0.0.0/8',
    ]);
    expect(planned({ ALLOW_TARGETS: 'none' }).configuration.delivery.allowTargets).toEqual([]);
  });

  it('gives the functions an absolute folder', () => {
    expect(planned({}).functionEnv['DATA_DIR']).toBe('/home/somebody/observer/data');
    expect(planned({ DATA_DIR: 'here' }).functionEnv['DATA_DIR']).toBe('/home/somebody/observer/here');
    expect(planned({ DATA_DIR: '/there' }).functionEnv['DATA_DIR']).toBe('/there');
  });

  it('refuses a memory of its own per function', () => {
    expect(problemsOf({ STORE: 'memory' })).toHaveProperty('STORE');
  });

  it('names all mistakes at once', () => {
    expect(Object.keys(problemsOf({ PORT: 'x', NOTIFY_INTERVAL: '0' })).toSorted()).toEqual([
      'NOTIFY_INTERVAL',
      'PORT',
    ]);
  });
});

describe('the environment of the demo', () => {
  const mq = { restUrl: 'http://127.0.0.1', restPort: 1234, user: 'reader', password: 'secret' };

  it('observes the simulated queue manager every few seconds, and keeps what it learns apart', () => {
    const { configuration } = planned(demoEnvironment({}, mq));
    expect(configuration.queueManagers).toMatchObject([
      { qmgr: 'QM1', baseUrls: ['http://127.0.0.1:1234'], login: { kind: 'basic', user: 'reader' } },
    ]);
    expect(configuration.cycles.notify).toEqual({ kind: 'cron', expression: '*/5 * * * * *' });
    expect(configuration.store).toMatchObject({ kind: 'file', dataDir: '/home/somebody/observer/data/demo' });
    expect(configuration.warnings).toEqual([]);
  });

  it('leaves alone what is set', () => {
    const env = { NOTIFY_SCHEDULE: '* * * * *', PERSIST_INTERVAL: '7', DATA_DIR: '/mine', PORT: '9' };
    const { cycles, store, local } = planned(demoEnvironment(env, mq)).configuration;
    expect(cycles.notify).toEqual({ kind: 'cron', expression: '* * * * *' });
    expect(cycles.persist).toEqual({ kind: 'every', intervalMs: 7 * 60_000 });
    expect([store.dataDir, local.port]).toEqual(['/mine', 9]);
  });

  it('keeps away from a bucket that is configured for real', () => {
    const cos = { bucket: 'real', endpoints: 's3.example', cos_apikey: 'key', resource_instance_id: 'crn' };
    expect(planned(demoEnvironment(cos, mq)).configuration.store).toMatchObject({
      kind: 'file',
      cos: undefined,
    });
  });
});
