import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { livenessOf, ownProcessMark } from './process-mark.ts';
import { parseTempFileName, tempFileName } from './temp-names.ts';

const hasProc = process.platform === 'linux';

describe('a process', { timeout: 30_000 }, () => {
  it('is alive while it runs', async () => {
    const own = await ownProcessMark();
    expect(own.pid).toBe(process.pid);
    expect(await livenessOf(own, own)).toBe(hasProc ? 'alive' : 'unknown');
  });

  it('is dead once it has ended and its parent knows', async () => {
    const own = await ownProcessMark();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(await livenessOf({ ...own, pid: child.pid ?? 0 }, own)).toBe('dead');
  });

  it.runIf(hasProc)('is dead when another one has its id by now', async () => {
    const own = await ownProcessMark();
    expect(await livenessOf({ ...own, startTicks: '1' }, own)).toBe('dead');
  });

  it.runIf(hasProc)(
    'is dead once it has ended, even if its parent never asks for it',
    { timeout: 20_000 },
    async () => {
      const own = await ownProcessMark();
      // The shell turns into a program that never asks for the child it has.
      const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 20'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [line] = await once(createInterface(parent.stdout), 'line');
        const mark = { ...own, pid: Number(line), startTicks: await startOf(Number(line)) };
        expect(await livenessOf(mark, own)).toBe('alive');
        await expect.poll(() => livenessOf(mark, own), { timeout: 10_000 }).toBe('dead');
        expect(() => process.kill(mark.pid, 0)).not.toThrow();
      } finally {
        parent.kill('SIGKILL');
        await once(parent, 'exit');
      }
    },
  );

  it('cannot be judged from another machine, or without the time of its start', async () => {
    const own = await ownProcessMark();
    expect(await livenessOf({ ...own, host: 'ffffffffffff' }, own)).toBe('unknown');
    expect(await livenessOf({ ...own, startTicks: '' }, own)).toBe('unknown');
  });

  it('is named by its temporary files', async () => {
    const own = await ownProcessMark();
    expect(parseTempFileName(tempFileName(own, 'c0ffee00-0000-4000-8000-000000000000'))).toEqual(own);
    expect(parseTempFileName(tempFileName({ ...own, startTicks: '' }, 'c0ffee'))?.startTicks).toBe('');
    expect(parseTempFileName('notes.txt')).toBeUndefined();
  });
});

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
