import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/platform/system-clock.ts';
import { createHandlerRunner, DATA_BYTES_MAX } from './run-handler.ts';
import { killGroup } from './process-group.ts';

function runnerOf(command: string, timeoutMs = 10_000) {
  return createHandlerRunner({
    command,
    timeoutMs,
    graceMs: 300,
    environment: { PATH: process.env['PATH'], KEPT: 'kept' },
    clock: systemClock,
  });
}

const run = (command: string, timeoutMs?: number) =>
  runnerOf(command, timeoutMs).run({ CE_QUEUE: 'A B;$(id)' });

describe('a handler', () => {
  it('finds the payload in its environment, beside what was there, and as text only', async () => {
    expect(await run('echo "$KEPT $CE_QUEUE"')).toEqual({ kind: 'succeeded', data: 'kept A B;$(id)' });
  });

  it.each([
    ['nothing', 'true', undefined],
    ['its last line when that is JSON', `echo starting; echo '{"taken":3}'`, { taken: 3 }],
    [
      'a text when its JSON is too deep to be read',
      `printf '[%.0s' $(seq 40); printf ']%.0s' $(seq 40)`,
      '['.repeat(40) + ']'.repeat(40),
    ],
    ['all it printed when the last line is text', `echo '{"taken":3}'; echo done`, '{"taken":3}\ndone'],
  ])('answers with %s', async (_what, command, data) => {
    expect(await run(command)).toEqual({ kind: 'succeeded', data });
  });

  it('answers with no more than the end of a long output', async () => {
    const result = await run('yes a-line | head -c 1000000');
    expect(result.kind === 'succeeded' && Buffer.byteLength(String(result.data))).toBeLessThanOrEqual(
      DATA_BYTES_MAX + 3,
    );
    expect(result).toMatchObject({ data: expect.stringMatching(/^….*a-line/s) as unknown });
  });

  it('fails with its exit code and the end of what it complained about', async () => {
    expect(await run('echo ignored; echo "no disk" >&2; exit 3')).toEqual({
      kind: 'refused',
      code: 500,
      message: 'the handler ended with exit code 3',
      detail: 'no disk',
    });
    expect(await run('/no/such/file')).toMatchObject({
      code: 500,
      message: 'the handler ended with exit code 127',
    });
  });

  it('fails when somebody kills it', async () => {
    expect(await run('kill -9 $$')).toMatchObject({
      code: 500,
      message: 'the handler was killed by SIGKILL',
    });
  });

  it('fails when the payload cannot be an environment', async () => {
    expect(await runnerOf('true').run({ CE_QUEUE: 'a\0b' })).toMatchObject({
      code: 500,
      message: expect.stringMatching(/^the handler cannot be started/) as unknown,
    });
  });

  it('is ended when its time is over, with all that it started', async () => {
    const child = '(trap "echo the child ends >&2; exit" TERM; while :; do sleep 0.05; done)';
    expect(await run(`${child} & wait`, 200)).toMatchObject({
      code: 504,
      message: 'the handler was ended after 200 ms',
      detail: expect.stringContaining('the child ends') as unknown,
    });
  });

  it('is killed when it does not listen', async () => {
    expect(await run('trap "" TERM; while :; do sleep 0.1; done', 200)).toMatchObject({ code: 504 });
  });

  it('does not hold up the answer with a process that it leaves behind', async () => {
    const result = await run('sleep 60 & echo "$!"');
    expect(result).toMatchObject({ kind: 'succeeded' });
    process.kill(Number(result.kind === 'succeeded' ? result.data : Number.NaN), 'SIGKILL');
  });

  it('is killed with its group when the process that runs it must exit', async () => {
    const runner = runnerOf('sleep 60; true');
    const result = runner.run({});
    // Started as soon as `run` was called.
    runner.killAll();
    expect(await result).toMatchObject({ code: 500, message: 'the handler was killed by SIGKILL' });
    expect(killGroup(2_147_483_646, 0)).toBe(false);
  });
});
