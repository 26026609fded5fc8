import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A script as one file, so that a process starts in milliseconds. */
export interface WorkerScript {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A running worker. */
export interface Worker {
  readonly pid: number;
  /** How often its output held that line so far. */
  readonly count: (line: string) => number;
  /** Resolves at the first such line; rejects when the worker ends without one. */
  readonly said: (line: string) => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Resolves once the process is gone and all its output was read. Rejects when it failed by itself. */
  readonly ended: Promise<void>;
}

/** Bundles a script that stands beside this file. */
export async function bundleWorker(name: string): Promise<WorkerScript> {
  const folder = await mkdtemp(join(tmpdir(), 'worker-'));
  const path = join(folder, name.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  });
  return { path, remove: () => rm(folder, { recursive: true }) };
}

/** Starts a worker. Whoever starts it waits for `ended`. */
export function startWorker(script: WorkerScript, args: readonly string[]): Worker {
  const child = spawn(process.execPath, [script.path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const complaints: string[] = [];
  let unfinished = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (unfinished + chunk).split('\n');
    unfinished = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => complaints.push(chunk));
  const ended = whenEnded(child, complaints);
  // Whether it failed is for whoever awaits `ended`, maybe later.
  ended.catch(() => undefined);
  const count = (line: string): number => lines.filter((said) => said === line).length;
  return {
    pid: child.pid ?? 0,
    count,
    said: async (line) => {
      let gone = false;
      void ended.finally(() => (gone = true)).catch(() => undefined);
      while (count(line) === 0) {
        if (gone) throw new Error(`the worker ended and never said "${line}"`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

function whenEnded(child: ChildProcess, complaints: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve();
      else reject(new Error(`the worker ended with ${code ?? signal}: ${complaints.join('')}`));
    });
  });
}
