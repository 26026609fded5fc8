import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { CallOutcome } from './call-outcome.ts';
import { createCallsInFlight } from './calls-in-flight.ts';
import type { FromRunner, RunnerData, ToRunner } from './protocol.ts';

/** One running copy of a function's bundle. */
export interface Instance {
  /** Resolves with `undefined` once the bundle is loaded, or with the reason why it could not be. Never rejects. */
  readonly loaded: Promise<string | undefined>;
  /** False once a call timed out here, or the instance has ended: such an instance gets no more calls. */
  readonly accepts: () => boolean;
  readonly inFlight: () => number;
  /** Calls `main` with `paramsJson`, parsed. Never rejects. */
  readonly call: (paramsJson: string) => Promise<CallOutcome>;
  /** Asks the function to come to an end with what it is doing, as SIGTERM does on the platform. */
  readonly windDown: () => void;
  /** Ends the instance at once; what is in flight ends as `crashed`. Resolves when its output has been read. */
  readonly end: () => Promise<void>;
}

export interface InstanceOptions {
  /** Source text of the function runner. */
  readonly runnerSource: string;
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** The instance's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  /** The limit of one call, and of loading the bundle. */
  readonly callMsMax: number;
  /** Called with each line that the function writes to its standard output or error. */
  readonly onLine: (line: string) => void;
  /** Called once, when the instance accepts no more calls. */
  readonly onRetired: (reason: string) => void;
}

/** Starts a worker thread for one bundle. */
export function startInstance(options: InstanceOptions): Instance {
  const worker = startWorker(options);
  const outputRead = Promise.all([
    readLines(worker.stdout, options.onLine),
    readLines(worker.stderr, options.onLine),
  ]);
  let endedBy = 'the instance ended by itself';
  let isRetired = false;
  const retire = (reason: string): void => {
    if (isRetired) return;
    isRetired = true;
    options.onRetired(reason);
  };
  const end = async (): Promise<void> => {
    if (!isRetired) endedBy = 'the host ended the instance';
    retire(endedBy);
    await worker.terminate();
    await outputRead;
  };
  const calls = createCallsInFlight({
    limitMs: options.callMsMax,
    onTimeout: () => retire(`a call took longer than ${options.callMsMax} ms`),
    // What else was in flight beside a call that timed out may still finish; then the instance is of no more use.
    onSettled: () => {
      if (isRetired && calls.count() === 0) void end();
    },
  });
  worker.on('message', (message: FromRunner) => {
    if (message.kind !== 'loaded' && message.kind !== 'not-loaded')
      calls.settle(message.id, outcomeOf(message));
  });
  worker.on('error', (error: unknown) => {
    endedBy = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  });
  worker.on('exit', () => {
    retire(endedBy);
    calls.settleAll({ kind: 'crashed', cause: endedBy });
  });
  const loaded = waitForLoad(worker, options.callMsMax, () => endedBy).then((failure) => {
    if (failure === undefined || isRetired) return failure;
    endedBy = failure;
    retire(failure);
    void end();
    return failure;
  });

  return {
    loaded,
    accepts: () => !isRetired,
    inFlight: calls.count,
    call: (params) => {
      const { id, outcome } = calls.begin();
      send(worker, { kind: 'call', id, params });
      return outcome;
    },
    windDown: () => send(worker, { kind: 'wind-down' }),
    end,
  };
}

function startWorker(options: InstanceOptions): Worker {
  const workerData: RunnerData = { bundle: options.bundle };
  return new Worker(options.runnerSource, {
    eval: true,
    workerData,
    env: { ...options.env },
    // Not the host's: its TypeScript loader must not touch the bundle.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
  });
}

/** Resolves with `undefined` once the bundle is loaded, else with the reason why it is not. */
function waitForLoad(worker: Worker, limitMs: number, endedBy: () => string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`the bundle was not loaded within ${limitMs} ms`), limitMs);
    const settle = (failure: string | undefined): void => {
      clearTimeout(timer);
      resolve(failure);
    };
    worker.on('message', (message: FromRunner) => {
      if (message.kind === 'loaded') settle(undefined);
      if (message.kind === 'not-loaded') settle(`the bundle could not be loaded: ${message.message}`);
    });
    worker.on('exit', () => settle(endedBy()));
  });
}

function send(worker: Worker, message: ToRunner): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  worker.postMessage(message);
}

function outcomeOf(message: Exclude<FromRunner, { readonly kind: 'loaded' | 'not-loaded' }>): CallOutcome {
  switch (message.kind) {
    case 'returned':
      return { kind: 'returned', json: message.json };
    case 'unserialisable':
      return { kind: 'unserialisable', cause: message.message };
    case 'threw':
      return { kind: 'threw', cause: message.message };
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine).on('close', resolve);
  });
}
