import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunHandler } from '../simulators/code-engine/state/run-handler.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONSUMER = 'examples/consumer/main.ts';

/**
 * Does the work of a job run as Code Engine does: starts the example consumer as a process of its own, with the run's
 * environment and the job's settings. The run fails when the process does not end with 0.
 */
export function runConsumer(given: {
  readonly settings: Readonly<Record<string, string>>;
  /** Called with each line that the consumer writes. */
  readonly onLine: (line: string) => void;
}): RunHandler {
  return async ({ env, signal }) => {
    const consumer = spawn(process.execPath, ['--import', 'tsx', CONSUMER], {
      cwd: ROOT,
      env: { ...env, ...given.settings },
      stdio: ['ignore', 'pipe', 'inherit'],
      signal,
      killSignal: 'SIGKILL',
    });
    createInterface({ input: consumer.stdout }).on('line', given.onLine);
    const [code] = (await once(consumer, 'close')) as [number | null];
    if (code !== 0) throw new Error(`the consumer ended with ${code ?? 'a signal'}`);
  };
}
