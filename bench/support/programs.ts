import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of `bench/programs` in a process of its own. */
export interface Program {
  /** Sends a message, and resolves with the next one that comes back. One at a time. */
  readonly ask: <R>(message: unknown) => Promise<R>;
  readonly stop: () => Promise<void>;
}

/** A program and the first thing that it said. */
export type Started<R> = Program & { readonly told: R };

/** How Node runs a program. */
export interface ProgramOptions {
  /** As `--expose-gc`. */
  readonly execArgv?: readonly string[];
  /** Its whole environment; that of this process when not given. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a program; it ends with this process.
 * @param given what it is to do, as JSON
 */
export async function startProgram<R>(
  name: string,
  given: object = {},
  { execArgv = [], env }: ProgramOptions = {},
): Promise<Started<R>> {
  const child = fork(new URL(`${name}.js`, import.meta.url), [JSON.stringify(given)], {
    execArgv: ['--enable-source-maps', ...execArgv],
    ...(env === undefined ? {} : { env }),
  });
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`${name} ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as T);
      });
    });
  return {
    told: await next<R>(),
    ask: (message) => {
      const answer = next<never>();
      child.send(message as object);
      return answer;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** Runs a program that says one thing and has nothing else to do. */
export async function runProgram<R>(name: string, given: object, options: ProgramOptions = {}): Promise<R> {
  const program = await startProgram<R>(name, given, options);
  await program.stop();
  return program.told;
}
