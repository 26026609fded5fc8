import { describe, expect, it } from 'vitest';
import { against } from '../cli-test-support.ts';

const ASKED = { message: 'The next notify cycle sends a test wake-up', id: 'a/b', request: 'r2' };
const ASK = { 'POST /register/a%2Fb/test': [{ status: 202, body: ASKED }] };
const LOOK = 'GET /register/a%2Fb/decisions';

const ended = (request: string, reason: string, more: object = {}) => ({
  ...{ started: '2026-11-21T21:31:00.123Z', cycle_id: 'c' },
  test: { id: 'a/b', request, reason, attempts: 1, ...more },
});

describe('a test wake-up', () => {
  it('is asked for, and told once a cycle has sent it', async () => {
    const { run, lines } = await against({
      ...ASK,
      [LOOK]: [
        { status: 503, body: { detail: 'busy' } },
        { body: { id: 'a/b', decisions: [], tests: [ended('r2', 'woken'), ended('r1', 'failed')] } },
      ],
    });
    expect(await run(['test', 'a/b'])).toEqual({
      exitCode: 0,
      out: [
        'id             a/b',
        'reason         woken',
        'in words       The target was woken. (attempts 1)',
        'cycle started  2026-11-21T21:31:00.123Z',
        '',
      ].join('\n'),
      err: '',
    });
    expect(lines()).toEqual(['POST /register/a%2Fb/test', LOOK, LOOK]);
  });

  it.each(['failed', 'postponed', 'retired', 'misconfigured', 'job_running'])(
    'that ended with %s ends with 1',
    async (reason) => {
      const test = ended('r2', reason, { detail: 'answered 410' });
      const { run } = await against({ ...ASK, [LOOK]: [{ body: { tests: [test] } }] });
      const words = await run(['test', 'a/b'], { isTerminal: true });
      expect(words).toMatchObject({ exitCode: 1, out: expect.stringContaining('answered 410') });
      expect(words.err).toContain('Waiting');
      expect(words.out).not.toContain('registering again');
      const json = await run(['test', 'a/b', '--json']);
      expect([json.exitCode, JSON.parse(json.out)]).toEqual([1, test]);
    },
  );

  it('that no cycle sends in time ends with 1 and says what to do', async () => {
    const { run } = await against({ ...ASK, [LOOK]: [{ body: { tests: [ended('r1', 'woken')] } }] });
    expect(await run(['test', 'a/b', '--timeout', 'PT1S'])).toMatchObject({
      ...{ exitCode: 1, out: '' },
      err: expect.stringMatching(/within PT1S.*status.*why/),
    });
  });

  it('is only asked for where nobody wants to wait', async () => {
    const { run, lines } = await against(ASK);
    expect(await run(['test', 'a/b', '--no-wait'])).toEqual({
      exitCode: 0,
      out: `${ASKED.message}\n`,
      err: '',
    });
    expect(JSON.parse((await run(['test', 'a/b', '--no-wait', '--json'])).out)).toEqual(ASKED);
    expect(lines()).not.toContain(LOOK);
  });

  it('of what is not registered ends with 1', async () => {
    const detail = 'No registration has the id "nobody".';
    const { run } = await against({ 'POST /register/nobody/test': [{ status: 404, body: { detail } }] });
    expect(await run(['test', 'nobody'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(detail),
    });
  });

  it.each(['soon', '5m', 'PT0S', 'P2D'])('is not waited for %s', async (timeout) => {
    const { run, asked } = await against(ASK);
    const { exitCode, err } = await run(['test', 'a/b', '--timeout', timeout]);
    expect([exitCode, asked]).toEqual([2, []]);
    expect(err).toContain('from PT1S to P1D');
  });
});
