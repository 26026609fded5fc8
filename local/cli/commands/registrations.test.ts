import { describe, expect, it } from 'vitest';
import { against, ONE, QUARANTINED } from '../cli-test-support.ts';

describe('registrations', () => {
  it('registers from options, or from JSON', async () => {
    const { run, asked } = await against({ 'POST /register': [{ body: ONE }] });
    const fields = ['--qmgr', 'QM1', '--queue', 'Q', '--notify', 'https://app.example/hook'];
    const more = ['--depth', '5', '--cooldown', 'PT5M', '--header', 'x-key=a=b', '--header', 'x-other=c'];
    expect(await run(['register', ...fields, ...more])).toMatchObject({ exitCode: 0, err: '' });
    await run(['register', '--from', '-'], { stdin: JSON.stringify({ qmgr: 'QM1', queue: 'Q2' }) });
    expect(asked.map(({ json }) => json)).toEqual([
      {
        ...{ qmgr: 'QM1', queue: 'Q', notify: 'https://app.example/hook' },
        when: { depth_at_least: 5, cooldown: 'PT5M' },
        delivery: { headers: { 'x-key': 'a=b', 'x-other': 'c' } },
      },
      { qmgr: 'QM1', queue: 'Q2' },
    ]);
  });

  it('lists all pages', async () => {
    const { run, lines } = await against({
      'GET /register': [
        { body: { mq_requests: [ONE], next: 'c/1' } },
        { body: { mq_requests: [QUARANTINED] } },
      ],
    });
    const { out } = await run(['list', '--qmgr', 'QM1', '--state', 'active']);
    expect(lines()).toEqual([
      'GET /register?limit=1000&qmgr=QM1&state=active',
      'GET /register?limit=1000&qmgr=QM1&state=active&cursor=c%2F1',
    ]);
    expect(out).toBe(
      [
        'ID  QMGR  QUEUE  STATE        FAILCOUNT  BACKOFF                   NOTIFY',
        'a   QM1   Q      active       0                                    https://app.example/hook',
        'a   QM1   Q      quarantined  10         2026-11-21T22:00:00.000Z  https://app.example/hook',
        '',
        '2 registrations',
        '',
      ].join('\n'),
    );
  });

  it('does not follow a listing that goes in circles', async () => {
    const { run, asked } = await against({ 'GET /register': [{ body: { mq_requests: [], next: 'same' } }] });
    expect(await run(['list'])).toMatchObject({ exitCode: 1 });
    expect(asked).toHaveLength(2);
  });

  it('has colour on a terminal only, and none with NO_COLOR', async () => {
    const { run } = await against({ 'GET /register': [{ body: { mq_requests: [QUARANTINED] } }] });
    const coloured = '\u001b[31mquarantined\u001b[0m';
    expect((await run(['list'], { isTerminal: true })).out).toContain(coloured);
    expect((await run(['list'], { isTerminal: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b');
    expect((await run(['list'])).out).not.toContain('\u001b');
  });

  it('restores by registering the same again, unless it was changed meanwhile', async () => {
    const when = { cooldown: 'PT5M' };
    const { run, asked } = await against({
      'GET /register/a': [{ body: { ...QUARANTINED, when, state_reason: 'failed' }, etag: '"v1"' }],
      'POST /register': [{ body: { ...ONE, when } }, { status: 412, body: { detail: 'changed' } }],
    });
    expect(await run(['restore', 'a'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('active'),
    });
    const { id, qmgr, queue, notify } = ONE;
    expect(asked.at(-1)).toMatchObject({ headers: { 'if-match': '"v1"' } });
    expect(asked.at(-1)?.json).toEqual({ id, qmgr, queue, notify, when });
    expect(await run(['restore', 'a'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('changed'),
    });
  });

  it('refuses to restore what has headers, and has nothing to restore of what is active', async () => {
    const { run, lines } = await against({
      'GET /register/a': [
        { body: { ...QUARANTINED, delivery: { headers: { 'x-key': '***' } } }, etag: '"v1"' },
        { body: ONE, etag: '"v1"' },
      ],
    });
    expect(await run(['restore', 'a'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('would be lost'),
    });
    expect(await run(['restore', 'a'])).toMatchObject({ exitCode: 0 });
    expect(lines()).toEqual(['GET /register/a', 'GET /register/a']);
  });

  it('names what is removed, with whatever is in its id', async () => {
    const { run, lines } = await against({ 'DELETE /register/a%2Fb%3F': [{ body: ONE }] });
    expect(await run(['unregister', 'a/b?'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Removed'),
    });
    expect(lines()).toEqual(['DELETE /register/a%2Fb%3F']);
  });
});
