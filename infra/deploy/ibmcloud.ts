import { spawn, type ChildProcess } from 'node:child_process';
import { DeployError, StoppedError } from './deploy-error.ts';

/** The IBM Cloud CLI. */
export interface Ibmcloud {
  /**
   * Runs one command and gives what it printed.
   * @throws {DeployError} with what the CLI said, when it failed, printed too much or took too long.
   * @throws {StoppedError} when it was stopped.
   */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<string>;
}

export interface RunOptions {
  /** A minute by default. */
  readonly timeoutMs?: number;
  /** True: it prints secrets, so that nothing of what it printed is shown when it fails. */
  readonly printsSecrets?: boolean;
}

export interface IbmcloudDeps {
  /** The environment of the CLI: without our secrets, which are none of its business. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 60_000;
const OUTPUT_BYTES_MAX = 8 * 1_048_576;
const SHOWN_LENGTH_MAX = 2_000;
const GRACE_MS = 2_000;

/** The CLI that `PATH` finds. It is never asked anything, and gets no input. */
export function createIbmcloud({ env, signal }: IbmcloudDeps): Ibmcloud {
  return {
    run: async (args, { timeoutMs = TIMEOUT_MS, printsSecrets = false } = {}) => {
      if (signal.aborted) throw new StoppedError('by a signal');
      const ended = await runToEnd(args, { env, signal, timeoutMs });
      if (signal.aborted) throw new StoppedError('by a signal');
      if (ended.fault === undefined) return ended.stdout;
      const said = printsSecrets ? '' : indented(ended.stderr + ended.stdout);
      throw new DeployError(`${shown(args)}\n  ${ended.fault}${said}`);
    },
  };
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined: it ended well. */
  readonly fault: string | undefined;
}

function runToEnd(
  args: readonly string[],
  { env, signal, timeoutMs }: IbmcloudDeps & { readonly timeoutMs: number },
): Promise<Ended> {
  return new Promise((resolve) => {
    // A group of its own: Ctrl-C reaches us alone, and what we stop is stopped with all that it started.
    const child = spawn('ibmcloud', args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const printed = { stdout: '', stderr: '' };
    let fault: string | undefined;
    const stop = (why: string): void => {
      fault ??= why;
      killGroup(child, 'SIGTERM');
      setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS).unref();
    };
    const onAbort = (): void => stop('was stopped');
    signal.addEventListener('abort', onAbort);
    const timer = setTimeout(() => stop(`did not end within ${timeoutMs / 1000} seconds`), timeoutMs);
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (printed.stdout.length + printed.stderr.length + text.length > OUTPUT_BYTES_MAX)
          stop(`printed more than ${OUTPUT_BYTES_MAX} characters`);
        else printed[name] += text;
      });
    const end = (what: string | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve({ ...printed, fault: fault ?? what });
    };
    child.on('error', (error) => end(cannotStart(error)));
    child.on('close', (code, killed) =>
      end(code === 0 ? undefined : `ended with ${killed ?? `code ${String(code)}`}`),
    );
  });
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function cannotStart(error: Error): string {
  return 'code' in error && error.code === 'ENOENT'
    ? 'there is no ibmcloud on the PATH: install the IBM Cloud CLI, https://cloud.ibm.com/docs/cli'
    : `could not be started: ${error.message}`;
}

/** The command for people: quoted where a shell would need it. */
export function shown(args: readonly string[]): string {
  const quoted = args.map((arg) =>
    /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`,
  );
  return ['ibmcloud', ...quoted].join(' ');
}

function indented(output: string): string {
  const text = output.trim().slice(-SHOWN_LENGTH_MAX);
  return text === '' ? '' : `\n  ${text.split('\n').join('\n  ')}`;
}
