import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Clock } from '../../../lib/platform/clock.ts';
import { dataOf, refuse, type HandlerResult } from './handler-result.ts';
import { createOutputTail, type OutputTail } from './output-tail.ts';
import { killGroup, stopGroup } from './process-group.ts';
import { within } from '../within.ts';

/** Runs a command, in a process group of its own, for one request at a time or for many. */
export interface HandlerRunner {
  /** Never rejects. `variables` are added to the environment. */
  readonly run: (variables: Readonly<Record<string, string>>) => Promise<HandlerResult>;
  /** Kills what runs, at once: for a process that is about to exit. */
  readonly killAll: () => void;
}

/** What is run, and how long it may take. */
export interface HandlerSettings {
  /** A command line for `/bin/sh`. */
  readonly command: string;
  readonly timeoutMs: number;
  /** From SIGTERM to SIGKILL; 5 s when not given. */
  readonly graceMs?: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** What a reply can carry of a handler's output, in bytes. */
export const DATA_BYTES_MAX = 4_096;
const COMPLAINT_BYTES_MAX = 1_024;
const GRACE_MS = 5_000;
// A process that the handler left behind may hold its pipes open for ever.
const OUTPUT_WAIT_MS = 250;

type Handler = ChildProcessByStdio<null, Readable, Readable>;
type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** What makes the handlers of one command. */
export function createHandlerRunner(settings: HandlerSettings): HandlerRunner {
  const running = new Set<number>();
  return {
    run: async (variables) => {
      let pid: number | undefined;
      try {
        const handler = start(settings, variables);
        ({ pid } = handler);
        if (pid !== undefined) running.add(pid);
        return await resultOf(handler, settings);
      } catch (error) {
        return refuse(
          500,
          `the handler cannot be started: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      } finally {
        if (pid !== undefined) running.delete(pid);
      }
    },
    killAll: () => running.forEach((pid) => void killGroup(pid, 'SIGKILL')),
  };
}

function start(
  { command, environment }: HandlerSettings,
  variables: Readonly<Record<string, string>>,
): Handler {
  // Detached: a group of its own, which a timeout can end as a whole and which a Ctrl-C in the terminal does not reach.
  return spawn(command, {
    shell: true,
    detached: true,
    env: { ...environment, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function resultOf(handler: Handler, settings: HandlerSettings): Promise<HandlerResult> {
  const output = tailOf(handler.stdout, DATA_BYTES_MAX);
  const complaints = tailOf(handler.stderr, COMPLAINT_BYTES_MAX);
  const closed = once(handler, 'close').catch(() => undefined);
  const { isLate, ending } = await endOf(handler, settings);
  await within(OUTPUT_WAIT_MS, closed, settings.clock);
  handler.stdout.destroy();
  handler.stderr.destroy();
  const detail = complaints.text().trim();
  if (isLate) return refuse(504, `the handler was ended after ${settings.timeoutMs} ms`, detail);
  if (ending.code === 0) return { kind: 'succeeded', data: dataOf(output.text()) };
  const how =
    ending.signal === null ? `ended with exit code ${ending.code}` : `was killed by ${ending.signal}`;
  return refuse(500, `the handler ${how}`, detail);
}

/** Waits for the end, and brings it about when the time is over. Rejects when the handler could not be started. */
async function endOf(
  handler: Handler,
  { timeoutMs, graceMs = GRACE_MS, clock }: HandlerSettings,
): Promise<{ readonly isLate: boolean; readonly ending: Ending }> {
  const exit = new Promise<Ending>((resolve, reject) => {
    handler.once('error', reject);
    handler.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const isLate = (await within(timeoutMs, exit, clock)) === undefined;
  if (isLate && handler.pid !== undefined) await stopGroup(handler.pid, graceMs, clock);
  return { isLate, ending: await exit };
}

function tailOf(stream: Readable, bytesMax: number): OutputTail {
  const tail = createOutputTail(bytesMax);
  stream.on('data', (chunk: Buffer) => tail.push(chunk)).on('error', () => undefined);
  return tail;
}
