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

  it('restores, and shows what is restored', async () => {
    const { run, lines } = await against({ 'POST /register/a/restore': [{ body: ONE }] });
    expect(await run(['restore', 'a'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('active'),
    });
    expect(lines()).toEqual(['POST /register/a/restore']);
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
