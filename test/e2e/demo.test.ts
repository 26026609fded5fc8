import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const temporary = mkdtempSync(join(tmpdir(), 'demo-'));
const leftovers = (): readonly string[] =>
  readdirSync(temporary).filter((name) => name.startsWith('whole-loop'));

let demo: ChildProcess | undefined;
let output = '';

/** Starts it as somebody would who knows nothing of this project. Resolves with the exit code. */
function startDemo(): Promise<number | null> {
  output = '';
  const child = spawn('npm', ['run', '--silent', 'demo'], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  demo = child;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  return once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
}

afterEach(() => {
  // The whole group, in case that something of it is still there.
  if (demo?.pid !== undefined)
    try {
      process.kill(-demo.pid, 'SIGKILL');
    } catch {
      // Nothing is left: as it should be.
    }
});

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe('npm run demo', { timeout: 70_000 }, () => {
  it('shows the whole loop: put, woken, handled, empty, quiet', async () => {
    const code = await startDemo();
    const told = output.split('\n').flatMap((line) => /^ *\d+\.\d s {2}(.*)$/.exec(line)?.[1] ?? []);
    const story = [
      /^STARTING/,
      /^REGISTERED {2}the job order-consumer .* QM1\/ORDERS/,
      /^CYCLE 1 .* finds ORDERS empty and starts nothing/,
      ...[1, 2, 3].map((depth) => new RegExp(`^PUT .* its depth is ${depth} now`)),
      /^CYCLE 2 .* finds 3 messages and starts the job: run mqo-/,
      /^CYCLE 3 .* starts no second one/,
      ...[1, 2, 3].map(() => /^ {2}job +handled: order \d+ has \d+ characters/),
      /^ {2}job +the queue is empty; 3 messages handled and confirmed/,
      /^JOB ENDED +with exit code 0; the depth of ORDERS is 0/,
      ...[4, 5, 6].map((number) => new RegExp(`^CYCLE ${number} .* finds ORDERS empty and starts nothing`)),
      /^DONE +3 messages, 1 job run, and an empty queue/,
    ];
    expect(told).toEqual(story.map((line) => expect.stringMatching(line) as unknown));
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(leftovers()).toEqual([]);
  });

  it('ends with 1, and says why, when it is interrupted', async () => {
    const ended = startDemo();
    await vi.waitFor(() => expect(output).toContain('REGISTERED'), { timeout: 60_000, interval: 20 });
    if (demo?.pid !== undefined) process.kill(-demo.pid, 'SIGTERM');
    expect(await ended).not.toBe(0);
    expect(output).toMatch(/FAILED +Error: SIGTERM came/);
    expect(leftovers()).toEqual([]);
  });
});
