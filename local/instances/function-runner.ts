/**
 * Runs in a worker thread: loads one function's bundle and calls its `main`, as the platform's own runner does. It is
 * handed to the worker as source text (`runner-source.ts`), so nothing but the bundle and Node itself is loaded there.
 */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromRunner, RunnerData, ToRunner } from './protocol.ts';

type Main = (params: unknown) => unknown;

function post(message: FromRunner): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(message);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function load(bundle: string): Main {
  const loaded: unknown = createRequire(bundle)(bundle);
  const main: unknown =
    typeof loaded === 'object' && loaded !== null && 'main' in loaded ? loaded.main : undefined;
  if (typeof main !== 'function') throw new TypeError('the bundle exports no function called main');
  return (params) => Reflect.apply(main, undefined, [params]) as unknown;
}

async function call(main: Main, id: number, params: string): Promise<void> {
  let result: unknown;
  try {
    result = await main(JSON.parse(params));
  } catch (error) {
    return post({ kind: 'threw', id, message: describe(error) });
  }
  try {
    // Functions and symbols have no JSON at all; `undefined` stands for an empty object, as on the platform.
    const json = JSON.stringify(result ?? {}) as string | undefined;
    if (json === undefined) throw new TypeError(`a ${typeof result} cannot be written as JSON`);
    post({ kind: 'returned', id, json });
  } catch (error) {
    post({ kind: 'unserialisable', id, message: describe(error) });
  }
}

function start(data: RunnerData): void {
  let main: Main;
  try {
    main = load(data.bundle);
  } catch (error) {
    return post({ kind: 'not-loaded', message: describe(error) });
  }
  parentPort?.on('message', (message: ToRunner) => {
    if (message.kind === 'wind-down') process.emit('SIGTERM');
    else void call(main, message.id, message.params);
  });
  post({ kind: 'loaded' });
}

start(workerData as RunnerData);
