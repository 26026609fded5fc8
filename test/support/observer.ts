import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CycleReport, NotifyReport, PersistReport, RestoreReport } from '../../lib/cycle/report.ts';
import { createFileObjectStore } from '../../lib/object-store/file/file-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { createLogger } from '../../lib/platform/logging.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import type { WireRegistration } from '../../lib/registration/wire.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { withEncryptionKey } from '../../local/host/encryption-key.ts';
import { planHost } from '../../local/host/host-plan.ts';
import { startLocalHost, type LocalHost } from '../../local/host/local-host.ts';
import { compileRunner } from '../../local/instances/runner-source.ts';
import type { QueueManagerDefinition } from '../../local/simulators/mq/model.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import { sendTo, type Reply, type TestRequest } from '../contract/send-request.ts';
import { startTargets, type Target } from '../contract/wake-up-targets.ts';

/** The whole observer, as it runs on one machine: the built functions over a folder, simulated queue managers, targets. */
export interface Observer {
  readonly url: string;
  readonly mq: MqSimulator;
  /** The store's folder, opened once more: what it holds can be read, and put there. */
  readonly objects: ObjectStore;
  readonly dataDir: string;
  /** What the functions wrote to their logs. */
  readonly lines: readonly string[];
  readonly send: (method: string, path: string, request?: TestRequest) => Promise<Reply>;
  /** Registers and answers what is registered. Fails for anything but 200, as do those below. */
  readonly register: (fields: object) => Promise<WireRegistration>;
  readonly list: (query?: string) => Promise<readonly WireRegistration[]>;
  /** `undefined` when it is not there. */
  readonly find: (id: string) => Promise<WireRegistration | undefined>;
  /** Puts registrations in as they are, failures and quarantine included. */
  readonly importAll: (entries: readonly object[]) => Promise<Reply>;
  readonly notify: (headers?: Readonly<Record<string, string>>) => Promise<NotifyReport>;
  readonly restore: () => Promise<RestoreReport>;
  readonly persist: () => Promise<PersistReport>;
  readonly target: () => Target;
  /** No registrations, the queues as they were at the start, no faults, an empty journal. */
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface ObserverOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The content of `env.json`. */
  readonly envFile?: object;
  /** `QM1` alone when not given; none: no queue manager is configured. */
  readonly queueManagers?: readonly QueueManagerDefinition[];
  /** A folder that outlives the observer. One of its own when not given. */
  readonly dataDir?: string;
  /** What the functions see in addition, unchecked by the host: as on a platform that has no host to look first. */
  readonly functionEnv?: Readonly<Record<string, string>>;
  /** Called before anything starts. */
  readonly prepare?: (objects: ObjectStore) => Promise<unknown>;
}

/** The bundles, built before all tests. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** No cycle comes by itself: only tests call them. */
const NEVER = '0 0 1 1 *';

/** Starts an observer. Rejects, naming every setting that is wrong, when the configuration is refused. */
export async function startObserver(options: ObserverOptions = {}): Promise<Observer> {
  const folder = mkdtempSync(join(tmpdir(), 'observer-'));
  const dataDir = options.dataDir ?? join(folder, 'data');
  const { queueManagers = [{ name: 'QM1' }] } = options;
  const mq = await startMqSimulator({ queueManagers });
  const targets = await startTargets();
  const lines: string[] = [];
  const stopAround = async (): Promise<void> => {
    await Promise.all([mq.close(), targets.close()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const objects = createFileObjectStore({
      folder: dataDir,
      clock: systemClock,
      random: systemRandomness,
    });
    await options.prepare?.(objects);
    const envFile = join(folder, 'env.json');
    writeFileSync(envFile, JSON.stringify(options.envFile ?? {}));
    const env = { ...defaultEnv(mq, queueManagers), EnvFile: envFile, DATA_DIR: dataDir, ...options.env };
    const host = await startHost({ env, functionEnv: options.functionEnv ?? {}, cwd: folder, lines });
    return {
      ...clientOf(host.url),
      ...{ url: host.url, mq, objects, dataDir, lines, target: targets.add },
      reset: async () => {
        await expectOk(sendTo(host.url, 'DELETE', '/admin/flush'));
        for (const qmgr of Object.keys(mq.faults())) mq.setFault(qmgr, undefined);
        for (const definition of queueManagers) mq.addQueueManager(definition);
        mq.clearJournal();
      },
      stop: async () => {
        await host.stop();
        await stopAround();
      },
    };
  } catch (error) {
    await stopAround();
    throw error;
  }
}

function defaultEnv(
  mq: MqSimulator,
  queueManagers: readonly QueueManagerDefinition[],
): Readonly<Record<string, string>> {
  const slots = queueManagers.slice(0, 20).map(({ name }, index) => [`QMGR${index}`, name] as const);
  const server = {
    MQ_REST_HOST: mq.restUrl,
    MQ_REST_PORT: String(mq.restPort),
    ADMIN_USER: 'mqreader',
    ADMIN_PASSWORD: 'mqreader',
  };
  return {
    ...{ PORT: '0', NOTIFY_SCHEDULE: NEVER, RESTORE_SCHEDULE: NEVER, PERSIST_SCHEDULE: NEVER },
    ...(slots.length === 0 ? {} : server),
    ...Object.fromEntries(slots),
  };
}

async function startHost(given: {
  readonly env: Readonly<Record<string, string>>;
  readonly functionEnv: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly lines: string[];
}): Promise<LocalHost> {
  const { env, cwd, lines } = given;
  const planned = planHost({ env, readText: (path) => readFileSync(path, 'utf8'), cwd });
  if (!planned.ok)
    throw new Error(planned.problems.map(({ key, message }) => `${key} ${message}`).join('\n'));
  const plan = await withEncryptionKey(planned.plan);
  return startLocalHost({
    plan: { ...plan, functionEnv: { ...plan.functionEnv, ...given.functionEnv } },
    bundles: {
      functions: readFunctionList(ROOT),
      distDir: join(ROOT, 'dist'),
      runnerSource: await compileRunner(),
    },
    log: createLogger({
      level: 'info',
      constant: {},
      clock: systemClock,
      write: (line) => void lines.push(line),
    }),
    onLine: (_name, line) => void lines.push(line),
    clock: systemClock,
    randomness: systemRandomness,
  });
}

function clientOf(url: string) {
  const ok = async <T>(method: string, path: string, request?: TestRequest): Promise<T> =>
    // The shape is what the tests are about: they look at it.
    (await expectOk(sendTo(url, method, path, request))).json as T;
  const cycle = <R extends CycleReport>(name: string, headers = {}): Promise<R> =>
    ok<R>('POST', `/functions/${name}`, { headers });
  return {
    send: (method: string, path: string, request?: TestRequest) => sendTo(url, method, path, request),
    register: (json: object) => ok<WireRegistration>('POST', '/register', { json }),
    list: async (query = '') => {
      const page = await ok<{ mq_requests: readonly WireRegistration[] }>('GET', `/register${query}`);
      return page.mq_requests;
    },
    find: async (id: string) => {
      const reply = sendTo(url, 'GET', `/register/${encodeURIComponent(id)}`);
      if ((await reply).status === 404) return undefined;
      return (await expectOk(reply)).json as unknown as WireRegistration;
    },
    importAll: (entries: readonly object[]) =>
      expectOk(sendTo(url, 'POST', '/admin/import', { json: { mq_requests: entries } })),
    notify: (headers = {}) => cycle<NotifyReport>('notify-cycle', headers),
    restore: () => cycle<RestoreReport>('restore-cycle'),
    persist: () => cycle<PersistReport>('persist'),
  };
}

async function expectOk(sending: Promise<Reply>): Promise<Reply> {
  const reply = await sending;
  if (reply.status !== 200) throw new Error(`expected 200, got ${reply.status}: ${reply.text}`);
  return reply;
}
