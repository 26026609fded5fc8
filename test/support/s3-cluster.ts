import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { clusterConfiguration, monitorAddress, type ClusterLayout } from './s3-cluster-configuration.ts';
import { startKeeper, type Keeper } from './s3-cluster-keeper.ts';
import { proveWritable } from './s3-server-client.ts';

/** A real S3 server: where it is and who may use it. */
export interface S3Server {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An S3 server that was started, and how to stop it. */
export interface S3Cluster extends S3Server {
  /** Stops its processes and removes its folder. */
  readonly stop: () => Promise<void>;
}

const PROGRAMS = ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool'];
const START_MS_MAX = 60_000;
const COMMAND_MS_MAX = 30_000;
/** Ports are looked up before they are used, so somebody else may be faster. */
const ATTEMPTS_MAX = 3;

/** The programs that the server needs and this machine does not have. */
export function missingPrograms(path: string = process.env['PATH'] ?? ''): readonly string[] {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return PROGRAMS.filter((program) => !folders.some((folder) => isExecutable(join(folder, program))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a Ceph RADOS Gateway with its storage in memory, on free ports of 127.0.0.1, and resolves once an object was
 * written. Honours If-Match and If-None-Match on PUT, but wants its ETags without quotes, answers 500 to some who lose a
 * race, and ignores conditions on DELETE. It is gone when this process is gone, whatever ends it.
 */
export async function startS3Cluster(): Promise<S3Cluster> {
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 's3-cluster-'));
    const keeper = startKeeper(folder);
    try {
      return { ...(await startIn(folder, keeper)), stop: keeper.end };
    } catch (error) {
      const logs = await lastLines(folder);
      await keeper.end();
      if (attempt >= ATTEMPTS_MAX)
        throw new Error(`the S3 server did not start in ${attempt} attempts\n${logs}`, { cause: error });
    }
  }
}

async function startIn(folder: string, keeper: Keeper): Promise<S3Server> {
  const [monitorPort, gatewayPort] = await freePorts();
  const layout: ClusterLayout = { folder, fsid: randomUUID(), monitorPort, gatewayPort };
  await Promise.all(['mon', 'osd', 'rgw'].map((name) => mkdir(join(folder, name))));
  await writeFile(join(folder, 'ceph.conf'), clusterConfiguration(layout));
  const tools = toolsIn(folder, keeper);

  const map = join(folder, 'monmap');
  const monitor = ['a', monitorAddress(monitorPort), map];
  await tools.run('monmaptool', ['--create', '--fsid', layout.fsid, '--addv', ...monitor]);
  await tools.run('ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map]);
  const daemons = [tools.start('ceph-mon', ['-f', '-i', 'a'])];
  const osd = randomUUID();
  await Promise.all([
    tools.run('ceph', ['--connect-timeout', '20', 'osd', 'new', osd, '0']),
    tools.run('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', osd]),
  ]);
  daemons.push(tools.start('ceph-osd', ['-f', '-i', '0']));
  daemons.push(tools.start('radosgw', ['-f', '-n', 'client.rgw.a']));

  const server = {
    endpoint: `http://127.0.0.1:${gatewayPort}`,
    accessKeyId: 'test-key',
    secretAccessKey: 'test-secret',
  };
  await whileAlive(daemons, makeUsable(server, tools));
  return server;
}

async function makeUsable(server: S3Server, tools: Tools): Promise<void> {
  const endMs = Date.now() + START_MS_MAX;
  const keys = ['--access-key', server.accessKeyId, '--secret', server.secretAccessKey];
  const user = ['-n', 'client.rgw.a', 'user', 'create', '--uid', 'test', '--display-name', 'test'];
  await tools.run('radosgw-admin', [...user, ...keys]);
  for (;;) {
    try {
      await proveWritable(server);
      return;
    } catch (error) {
      if (Date.now() >= endMs) throw error;
      await sleep(50);
    }
  }
}

interface Tools {
  /** Runs a program to its end. */
  readonly run: (program: string, args: readonly string[]) => Promise<void>;
  /** Starts a program that stays. */
  readonly start: (program: string, args: readonly string[]) => ChildProcess;
}

function toolsIn(folder: string, keeper: Keeper): Tools {
  const env = { ...process.env, CEPH_CONF: join(folder, 'ceph.conf') };
  return {
    run: async (program, args) => {
      await promisify(execFile)(program, [...args], { env, cwd: folder, timeout: COMMAND_MS_MAX });
    },
    start: (program, args) => {
      const child = spawn(program, [...args], { env, cwd: folder, stdio: 'ignore', detached: true });
      if (child.pid !== undefined) keeper.keep(child.pid);
      return child;
    },
  };
}

/** Waits for `work`, unless one of the processes ends before. */
async function whileAlive(daemons: readonly ChildProcess[], work: Promise<void>): Promise<void> {
  const stopWatching = new AbortController();
  const ends = daemons.map(
    (daemon) =>
      new Promise<never>((_, reject) => {
        const onEnd = (why: unknown): void => reject(new Error(`${daemon.spawnfile} ended (${String(why)})`));
        daemon.once('exit', onEnd).once('error', onEnd);
        stopWatching.signal.addEventListener('abort', () => daemon.off('exit', onEnd).off('error', onEnd));
      }),
  );
  try {
    await Promise.race([work, ...ends]);
  } finally {
    stopWatching.abort();
    // The machine's own exit must not wait for them: the keeper ends them.
    for (const daemon of daemons) daemon.unref();
  }
}

async function freePorts(): Promise<readonly [number, number]> {
  const servers = [net.createServer(), net.createServer()];
  const ports = await Promise.all(servers.map(listenAnywhere));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [first = 0, second = 0] = ports;
  return [first, second];
}

function listenAnywhere(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function lastLines(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const texts = await Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
      return [`${name}:`, ...lines.slice(-5)].join('\n');
    }),
  );
  return texts.join('\n');
}
