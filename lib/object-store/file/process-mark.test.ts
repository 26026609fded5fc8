import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
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
        const mark = { ...own, pid: Number(line), startTicks: await startOf(Number(line)), thread: '' };
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
    const untold = { ...own, startTicks: '', thread: '' };
    expect(parseTempFileName(tempFileName(untold, 'c0ffee'))).toEqual(untold);
    // As an earlier version named them.
    expect(parseTempFileName(`${own.pid}-${own.startTicks}-${own.host}-c0ffee`)).toEqual({
      ...own,
      thread: '',
    });
    expect(parseTempFileName('notes.txt')).toBeUndefined();
  });
});

/** A worker that holds a file operation in the middle: opening a pipe waits for the other end. */
const OPENING = `
const { readFileSync, readlinkSync, promises } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const thread = readlinkSync('/proc/thread-self').split('/').pop();
void promises.open(workerData, 'r');
// Later than the other one is handed over, so that it has begun when this one has ended.
void promises.stat('/').then(() => promises.stat('/')).then(() => {
  const stat = readFileSync('/proc/thread-self/stat', 'latin1');
  parentPort.postMessage(thread + '.' + stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
});
setInterval(() => {}, 1000);`;

describe.runIf(hasProc)('a thread of a living process', { timeout: 30_000 }, () => {
  it('is alive until its last file operation has ended, and then dead', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'process-mark-'));
    const pipe = join(folder, 'pipe');
    await once(spawn('mkfifo', [pipe]), 'exit');
    try {
      const own = await ownProcessMark();
      const worker = new Worker(OPENING, { eval: true, workerData: pipe });
      const [thread] = (await once(worker, 'message')) as [string];
      const mark = { ...own, thread };
      expect(thread).not.toBe(own.thread);
      let hasEnded = false;
      const ended = worker.terminate().then(() => (hasEnded = true));
      for (let looks = 0; looks < 20; looks++) {
        expect(await livenessOf(mark, own)).toBe('alive');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(hasEnded).toBe(false);
      await (await open(pipe, 'w')).close();
      await ended;
      expect(await livenessOf(mark, own)).toBe('dead');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is dead when another one has its id by now', async () => {
    const own = await ownProcessMark();
    const thread = `${own.thread.split('.')[0]}.1`;
    expect(await livenessOf({ ...own, thread }, own)).toBe('dead');
  });

  it('cannot be judged from another process, which may see it in the middle of being killed', async () => {
    const own = await ownProcessMark();
    const elsewhere = { ...own, pid: own.pid + 1 };
    expect(await livenessOf({ ...own, thread: '4194311.1' }, elsewhere)).toBe('unknown');
    expect(await livenessOf(own, elsewhere)).toBe('alive');
  });

  it('counts as alive when it has no name', async () => {
    const own = await ownProcessMark();
    expect(await livenessOf({ ...own, thread: '' }, own)).toBe('alive');
  });
});

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
