import { describe, expect, it } from 'vitest';
import { against, ONE, runCli } from './cli-test-support.ts';

describe('calling an observer', () => {
  it('takes address and token from the environment, and options before those', async () => {
    const { url, run, asked } = await against({ 'GET /register/a': [{ body: ONE }] });
    await run(['show', 'a'], { env: { MQ_OBSERVER_TOKEN: 'from-environment' } });
    await run(['show', 'a', '--url', `${url}/`, '--token', 'given'], {
      env: { MQ_OBSERVER_URL: 'http://127.0.0.1:1', MQ_OBSERVER_TOKEN: 'from-environment' },
    });
    expect(asked.map(({ headers }) => headers)).toEqual([
      expect.objectContaining({ authorization: 'Bearer from-environment' }),
      expect.objectContaining({ authorization: 'Bearer given' }),
    ]);
  });

  it('shows the token nowhere, not even in its help', async () => {
    const env = { MQ_OBSERVER_TOKEN: 'very-secret' };
    const { run } = await against({ 'GET /register/a': [{ status: 401, body: { detail: 'no' } }] });
    for (const argv of [
      ['show', '--help'],
      ['show', 'a'],
      ['list', '--url', 'nonsense'],
    ]) {
      const { out, err } = await run(argv, { env });
      expect(`${out}${err}`).not.toContain('very-secret');
      expect(`${out}${err}`).not.toBe('');
    }
  });

  it('tells a problem in its words, and ends with 1', async () => {
    const detail = 'QUEUE needs to be specified\nNOTIFY needs to be specified';
    const { run } = await against({ 'POST /register': [{ status: 400, body: { detail } }] });
    const { exitCode, out, err } = await run(['register', '--qmgr', 'QM1']);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain('400: QUEUE needs to be specified; NOTIFY needs to be specified');
    const nobody = await runCli(['list', '--url', 'http://127.0.0.1:1']);
    expect([nobody.exitCode, nobody.err]).toEqual([1, expect.stringContaining('cannot be reached')]);
  });

  it('says so when what answers is no observer', async () => {
    const { run } = await against({
      'GET /register': [{ body: { hello: 'world' } }],
      'GET /register/a': [{ body: '<html>' }],
    });
    expect(await run(['list'])).toMatchObject({ exitCode: 1, err: expect.stringContaining('not a listing') });
    expect(await run(['show', 'a'])).toMatchObject({ exitCode: 1, err: expect.stringContaining('not JSON') });
  });

  it('lets no answer steer the terminal', async () => {
    const hostile = { ...ONE, queue: 'Q\u001b]0;title\u0007\u009b2J\u202e', delivery: { mode: '\u001b[2J' } };
    const { run } = await against({
      'GET /register': [{ body: { mq_requests: [hostile] } }],
      'GET /register/a': [{ body: hostile }],
      'GET /register/b': [{ status: 404, body: { detail: '\u001b[31mgone' } }],
    });
    for (const argv of [['list'], ['show', 'a'], ['show', 'a', '--json'], ['show', 'b']]) {
      const { out, err } = await run(argv);
      expect(`${out}${err}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(JSON.parse((await run(['show', 'a', '--json'])).out)).toEqual(hostile);
  });

  it.each([
    [['list', '--state', 'asleep']],
    [['show']],
    [['nonsense']],
    [['flush']],
    [['cycle', 'lunar']],
    [['list', '--url', 'ftp://127.0.0.1']],
    [['list', '--url', 'http://user:password@127.0.0.1']],
    [['list', '--token', 'two words']],
    [['register', '--header', 'nameless']],
    [['register', '--depth', '0']],
    [['register', '--from', '-', '--qmgr', 'QM1']],
  ])('ends with 2 and a reason for %j', async (argv) => {
    const { run, asked } = await against({});
    const { exitCode, out, err } = await run(argv);
    expect([exitCode, out, asked]).toEqual([2, '', []]);
    expect(err).not.toBe('');
  });
});
