import { readFileSync } from 'node:fs';
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
    expect(await run(['list'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('is not understood. Is it the observer?'),
    });
    expect(await run(['show', 'a'])).toMatchObject({ exitCode: 1, err: expect.stringContaining('not JSON') });
  });

  it.each([
    [['list'], 'GET /register'],
    [['show', 'a'], 'GET /register/a'],
    [['why', 'a'], 'GET /register/a/decisions'],
    [['unregister', 'a'], 'DELETE /register/a'],
    [['restore', 'a'], 'POST /register/a/restore'],
    [['test', 'a'], 'POST /register/a/test'],
    [['test', 'a', '--no-wait'], 'POST /register/a/test'],
    [['register', '--qmgr', 'QM1'], 'POST /register'],
    [['export'], 'GET /admin/export'],
    [['import', '-'], 'POST /admin/import'],
    [['flush', '--yes'], 'DELETE /admin/flush'],
    [['snapshot', 'list'], 'GET /admin/backups'],
    [['snapshot', 'restore', 'b'], 'POST /admin/backups/b/restore'],
    [['dead-letters', 'list'], 'GET /admin/dead-letters'],
    [['dead-letters', 'replay'], 'POST /admin/dead-letters/replay'],
    [['cycle', 'notify'], 'POST /functions/notify-cycle'],
    [['status'], 'GET /actuator/health'],
  ])('takes no success for one that says nothing: %j', async (argv, line) => {
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    for (const body of ['null', '{}', '[]', '"text"', deep]) {
      const { run } = await against({ [line]: [{ body }] });
      expect(await run(argv, { stdin: JSON.stringify({ mq_requests: [ONE] }) })).toMatchObject({
        ...{ exitCode: 1, out: '' },
        err: expect.stringContaining('answered with something that is not understood'),
      });
    }
  });

  it('ends with a sentence when an answer is nested without end', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const { run } = await against({ 'GET /register': [{ body: `{"mq_requests":[${deep}]}` }] });
    for (const argv of [['list'], ['list', '--json']])
      expect(await run(argv)).toMatchObject({ exitCode: 1, err: expect.stringContaining('not understood') });
  });

  it('lets no answer steer the terminal', async () => {
    const hostile = { ...ONE, queue: 'Q\u001b]0;title\u0007\u009b2J\u202e', delivery: { mode: '\u001b[2J' } };
    const message = '\u001b]52;c;eA==\u0007done\nforged';
    const { run } = await against({
      'GET /register': [{ body: { mq_requests: [hostile] } }],
      'GET /register/a': [{ body: hostile }],
      'DELETE /admin/flush': [{ body: { message } }],
      'POST /register/a/test': [{ body: { message, request: 'r' } }],
      'GET /register/b': [{ status: 404, body: { detail: '\u001b[31mgone' } }],
    });
    const commands = [['list'], ['show', 'a'], ['show', 'a', '--json'], ['show', 'b']];
    for (const argv of [...commands, ['flush', '--yes'], ['test', 'a', '--no-wait']]) {
      const { out, err } = await run(argv);
      expect(`${out}${err}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(`${out}${err}`).not.toMatch(/^forged/m);
    }
    expect(JSON.parse((await run(['show', 'a', '--json'])).out)).toEqual(hostile);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await runCli(['--version'])).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
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
