import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startKeeper } from './s3-cluster-keeper.ts';

let stubborn: ChildProcess | undefined;
afterEach(() => void stubborn?.kill('SIGKILL'));

/** A process that will not end when it is asked to. */
function startStubborn(): { readonly pid: number; readonly ended: Promise<unknown> } {
  const child = spawn('sh', ['-c', 'trap "" TERM INT; while :; do sleep 1; done'], { stdio: 'ignore' });
  stubborn = child;
  return { pid: child.pid ?? 0, ended: new Promise((resolve) => void child.once('exit', resolve)) };
}

async function untilGone(path: string): Promise<void> {
  for (let tries = 0; existsSync(path); tries++) {
    if (tries > 500) throw new Error(`${path} is still there`);
    await sleep(10);
  }
}

describe('the keeper of the S3 server', () => {
  it('ends what it keeps and removes the folder when it is told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keeper-'));
    const keeper = startKeeper(folder);
    const { pid, ended } = startStubborn();
    keeper.keep(pid);
    await keeper.end();
    await ended;
    expect(existsSync(folder)).toBe(false);
  });

  it('does so also when we are killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keeper-'));
    const { pid, ended } = startStubborn();
    const module = new URL('s3-cluster-keeper.ts', import.meta.url).href;
    const script = `
      import { startKeeper } from ${JSON.stringify(module)};
      startKeeper(${JSON.stringify(folder)}).keep(${pid});
      process.stdout.write('kept');
      setInterval(() => undefined, 1000);`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => void parent.stdout.once('data', resolve));
    expect(existsSync(folder)).toBe(true);
    parent.kill('SIGKILL');
    await ended;
    await untilGone(folder);
  });
});
