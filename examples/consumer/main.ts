import process, { env, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { drain } from './drain.ts';
import { handle } from './handle.ts';
import { MqError } from './message-queue.ts';
import { createRestQueue } from './rest-queue.ts';
import { readSettings, type Settings } from './settings.ts';

/** One line of JSON, as Code Engine's log takes it. */
function log(level: 'info' | 'warn' | 'error', message: string, facts: object = {}): void {
  stdout.write(`${JSON.stringify({ level, message, ...facts })}\n`);
}

/** Resolves with the exit code: 0 when nothing is left that could not be handled. */
async function run(settings: Settings): Promise<number> {
  const ending = new AbortController();
  setTimeout(() => ending.abort(), settings.runSecondsMax * 1_000).unref();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => ending.abort());
  const stop = ending.signal;
  const pause = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal: stop }).catch(() => undefined);
  const { handled, gone, unhandled, end } = await drain({
    queue: createRestQueue(settings, { stop, pause }),
    handle: async (message, signal) => {
      const done = await handle(message, signal);
      log('info', 'message handled', { messageId: message.id, done });
    },
    pause,
    onFailure: (failure) => log('warn', 'message not handled', failure),
    stop,
  });
  for (const [messageId, why] of unhandled) log('error', 'message left on the queue', { messageId, why });
  log('info', 'run ended', { end, handled, gone, unhandled: unhandled.size });
  return unhandled.size === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { settings, problems } = readSettings(env);
  if (problems.length === 0) return run(settings);
  for (const problem of problems) log('error', 'the job is not set up', { problem });
  return 1;
}

const code = await main().catch((error: unknown) => {
  if (!(error instanceof MqError)) throw error;
  log('error', 'the queue could not be emptied', { why: error.message });
  return 1;
});
// A handler that was given up must not hold the process.
stdout.write('', () => process.exit(code));
