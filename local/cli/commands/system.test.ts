import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder, against, ONE, QUARANTINED, runCli } from '../cli-test-support.ts';

describe('the system', () => {
  it.each([
    ['completed', 0],
    ['skipped', 0],
    ['partial', 1],
    ['failed', 1],
  ])('ends a cycle that was %s with %d', async (outcome, exitCode) => {
    const { run, lines } = await against({
      'POST /functions/notify-cycle': [{ body: { cycle: 'notify', outcome } }],
    });
    expect(await run(['cycle', 'notify'])).toMatchObject({ exitCode, out: expect.stringContaining(outcome) });
    expect(lines()).toEqual(['POST /functions/notify-cycle']);
  });

  it('tells health with registrations and cycles, and ends with 0 only when all is UP', async () => {
    const cycle = {
      status: 'UP',
      details: { outcome: 'partial', started: 'then', duration_ms: 7, problems: ['not read: QM2'] },
    };
    const components = { store: { status: 'UP' }, 'cycle:notify': cycle };
    const { run } = await against({
      'GET /actuator/health': [
        { body: { status: 'UP', components } },
        {
          status: 503,
          body: { status: 'DOWN', components: { store: { status: 'DOWN', details: { reason: 'full' } } } },
        },
      ],
      'GET /register': [
        { body: { mq_requests: [ONE, QUARANTINED] } },
        { status: 403, body: { detail: 'not for you' } },
      ],
    });
    const up = await run(['status']);
    expect(up.exitCode).toBe(0);
    expect(up.out).toMatch(/registrations +1 active, 1 quarantined, 0 retired/);
    expect(up.out).toMatch(/notify +UP +partial +then +7 ms +not read: QM2/);
    const down = await run(['status']);
    expect(down.exitCode).toBe(1);
    expect(down.out).toMatch(/store +DOWN +full/);
    expect(down.out).toMatch(/registrations +not known: .*not for you/);
  });

  it('takes health from actuator where that has a URL of its own, and registrations from register', async () => {
    const actuator = await against({ 'GET /actuator/health': [{ body: { status: 'UP' } }] });
    const { run, lines } = await against({ 'GET /register': [{ body: { mq_requests: [ONE] } }] });
    const inEnvironment = { MQ_OBSERVER_ACTUATOR_URL: actuator.url };
    const away = { MQ_OBSERVER_ACTUATOR_URL: 'http://127.0.0.1:1' };
    expect(await run(['status'], { env: inEnvironment })).toMatchObject({ exitCode: 0, err: '' });
    expect(await run(['status', '--actuator-url', actuator.url], { env: away })).toMatchObject({
      exitCode: 0,
    });
    expect(actuator.lines()).toEqual(['GET /actuator/health', 'GET /actuator/health']);
    expect(lines()).toEqual(['GET /register?limit=1000', 'GET /register?limit=1000']);

    const alone = await run(['status']);
    expect([alone.exitCode, alone.err]).toEqual([1, expect.stringContaining('MQ_OBSERVER_ACTUATOR_URL')]);
    const wrong = await run(['status', '--actuator-url', 'nonsense']);
    expect([wrong.exitCode, wrong.err]).toEqual([2, expect.stringContaining('--actuator-url')]);
  });

  it('lists and replays dead letters', async () => {
    const { run, lines } = await against({
      'GET /admin/dead-letters': [{ body: { dead_letters: { audit: 2 } } }],
      'POST /admin/dead-letters/replay': [
        { body: { replayed: 2, damaged: [] } },
        { body: { replayed: 0, damaged: [] } },
        { body: { replayed: 0, damaged: ['k'] } },
      ],
    });
    expect((await run(['dead-letters', 'list'])).out).toBe('ENDPOINT  DEAD LETTERS\naudit     2\n');
    expect(await run(['dead-letters', 'replay', 'audit'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('2 dead letters replayed'),
    });
    expect((await run(['dead-letters', 'replay', 'nobody'])).out).toBe(
      'Nothing to replay: no endpoint "nobody" has dead letters\n',
    );
    const damaged = await run(['dead-letters', 'replay', '--json']);
    expect([damaged.exitCode, JSON.parse(damaged.out)]).toEqual([1, { replayed: 0, damaged: ['k'] }]);
    expect(lines().slice(1)).toEqual([
      'POST /admin/dead-letters/replay?endpoint=audit',
      'POST /admin/dead-letters/replay?endpoint=nobody',
      'POST /admin/dead-letters/replay',
    ]);
  });

  it('checks a configuration without showing a secret', async () => {
    const envFile = join(aFolder(), 'env.json');
    writeFileSync(envFile, '{}');
    const env = { EnvFile: envFile, ADMIN_TOKENS: 'this-is-a-very-secret-token-0123456789', FAIL_LIMIT: '7' };
    const good = await runCli(['config', 'check'], { env });
    expect([good.exitCode, good.err]).toEqual([0, '']);
    expect(good.out).toMatch(/FAIL_LIMIT +7/);
    expect(good.out).not.toContain('very-secret');
    expect(JSON.parse((await runCli(['config', 'check', '--json'], { env })).out)).toMatchObject({
      problems: [],
      start_problems: [expect.objectContaining({ key: 'EnvFile' })],
    });
    const bad = await runCli(['config', 'check'], { env: { ...env, FAIL_LIMIT: 'many', LOG_LEVEL: 'loud' } });
    expect([bad.exitCode, bad.out]).toEqual([1, '']);
    expect(bad.err).toMatch(/2 problems.\n {2}.*FAIL_LIMIT|LOG_LEVEL/);
  });

  it('remarks what start would refuse, although functions may run like that', async () => {
    const open = await runCli(['config', 'check'], { env: { HOST: '0.0.0.0' } });
    expect([open.exitCode, open.err]).toEqual([0, '']);
    expect(open.out).toMatch(/Remark: start refuses this: HOST is "0\.0\.0\.0".*REGISTER_TOKENS/);
    expect((await runCli(['config', 'check'], { env: {} })).out).not.toContain('start refuses');
  });
});
