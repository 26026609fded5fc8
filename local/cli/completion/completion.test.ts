import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli-test-support.ts';

/** What bash completes after these words; the last one is unfinished. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const { out } = await runCli(['completion', 'bash']);
  const call = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mq_observer; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['-c', `${out}\n${call}`, 'bash', 'mq-observer', ...words], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return answer.split('\n').filter((word) => word !== '');
}

describe('completion', () => {
  it('knows commands, their commands, their options and their choices', async () => {
    expect(await completed('st')).toEqual(['status', 'start'].toSorted());
    expect(await completed('dead-letters', '')).toEqual(['list', 'replay']);
    expect(await completed('snapshot', '')).toEqual(['list', 'restore']);
    expect(await completed('test', 'a', '--no')).toEqual(['--no-wait']);
    expect(await completed('cycle', '--url', 'x', 'p')).toEqual(['persist']);
    expect(await completed('list', '--st')).toEqual(['--state']);
    expect(await completed('dead-letters', 'list', '--st')).toEqual([]);
    expect(await completed('list', '--state', '')).toEqual(['active', 'quarantined', 'retired']);
    expect(await completed('list', '--state', 'r')).toEqual(['retired']);
    expect(await completed('list', '--state', 'retired', '--qm')).toEqual(['--qmgr']);
  });

  it.each(['zsh', 'fish'])('has a script for %s with all of them', async (shell) => {
    const { exitCode, out } = await runCli(['completion', shell]);
    expect(exitCode).toBe(0);
    for (const word of ['dead-letters', 'replay', 'persist', 'state', 'quarantined', 'config'])
      expect(out).toContain(word);
  });
});
