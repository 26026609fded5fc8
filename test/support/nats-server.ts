import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why the tests that need a real server are skipped; undefined where it is installed. A CI run has to have it. */
export const missingNatsServer: string | undefined = findMissing();

function findMissing(): string | undefined {
  if (spawnSync('nats-server', ['--version']).status === 0) return undefined;
  const message = 'nats-server is not installed (apt-get install nats-server): its tests are skipped';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(message);
  return message;
}

/** A server of one test's own. */
export interface NatsServer {
  /** `127.0.0.1:port`, the same after a restart. */
  readonly address: string;
  /** Ends it at once, as a crash does. */
  readonly kill: () => Promise<void>;
  /** Starts it again where it listened before. */
  readonly start: () => Promise<void>;
  /** The process stands still until `resume`: connections stay open and nothing is answered. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends it and removes its files. */
  readonly close: () => Promise<void>;
}

const START_MS_MAX = 10_000;

/** Starts a server on a free port of 127.0.0.1. @param configuration more of its configuration file, such as `max_payload: 512` */
export async function startNatsServer(configuration = ''): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mq-observer-nats-'));
  const file = join(folder, 'nats.conf');
  await writeFile(file, configuration);
  let port = -1;
  let running: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  };

  const start = async (): Promise<void> => {
    const args = ['-c', file, '-a', '127.0.0.1', '-p', String(port), '--ports_file_dir', folder];
    running = spawn('nats-server', args, { stdio: 'ignore' });
    port = await readPort(folder, running);
  };

  const signal = (name: 'SIGSTOP' | 'SIGCONT') => (): void => void running?.kill(name);
  const close = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    address: `127.0.0.1:${port}`,
    kill,
    start,
    pause: signal('SIGSTOP'),
    resume: signal('SIGCONT'),
    close,
  };
}

/** The server writes where it listens into a file once it does. */
async function readPort(folder: string, child: ChildProcess): Promise<number> {
  const name = `nats-server_${child.pid}.ports`;
  for (let waitedMs = 0; waitedMs < START_MS_MAX && child.exitCode === null; waitedMs += 20) {
    if ((await readdir(folder)).includes(name)) {
      const port = /"nats:\/\/127\.0\.0\.1:(\d+)"/.exec(await readFile(join(folder, name), 'utf8'))?.[1];
      if (port !== undefined) return Number(port);
    }
    await sleep(20);
  }
  throw new Error('nats-server did not start: does its configuration fit its version?');
}
