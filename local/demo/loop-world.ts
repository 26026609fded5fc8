import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../lib/platform/logging.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { withEncryptionKey } from '../host/encryption-key.ts';
import { planHost, type HostPlan } from '../host/host-plan.ts';
import { startLocalHost, type LocalHost } from '../host/local-host.ts';
import { prepareBundles } from '../host/prepare-bundles.ts';
import {
  startCodeEngineSimulator,
  type CodeEngineSimulator,
} from '../simulators/code-engine/code-engine-simulator.ts';
import { startMqSimulator, type MqSimulator } from '../simulators/mq/mq-simulator.ts';
import { DEMO_QUEUE_MANAGER, ORDERS } from './demo-settings.ts';
import { runConsumer } from './run-consumer.ts';

/** Queue manager, Code Engine and the observer between them, all on this machine. */
export interface LoopWorld {
  /** The gateway of the observer. */
  readonly url: string;
  readonly mq: MqSimulator;
  readonly engine: CodeEngineSimulator;
  readonly stop: () => Promise<void>;
}

export const PROJECT = 'demo-project';
export const JOB = 'order-consumer';
/** Who may put and get messages. */
export const APP_USER = { name: 'app', password: 'app' } as const;

/** No cycle comes by itself: the story calls them, one after the other. */
const NEVER = '0 0 1 1 *';

/** Starts all of it. Throws, with nothing left running, when a part does not start. */
export async function startLoopWorld(given: {
  /** Called with each line that the job writes. */
  readonly onJobLine: (line: string) => void;
  /** Called with what the observer logs as an error. */
  readonly onError: (line: string) => void;
}): Promise<LoopWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'whole-loop-'));
  const closers: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const close of closers.toReversed()) await close();
  };
  try {
    const mq = await startMqSimulator({
      queueManagers: [{ name: DEMO_QUEUE_MANAGER, queues: { [ORDERS]: 0 } }],
    });
    closers.push(mq.close);
    const settings = {
      MQ_REST_URL: mq.restBaseUrl,
      MQ_USER: APP_USER.name,
      MQ_PASSWORD: APP_USER.password,
    };
    const engine = await startCodeEngineSimulator({
      projects: [{ id: PROJECT, name: 'demo', region: 'eu-de', jobs: { [JOB]: {} } }],
      onRun: runConsumer({ settings, onLine: given.onJobLine }),
    });
    closers.push(engine.close);
    const host = await startObserver(planOf(mq, engine, dataDir), given.onError);
    closers.push(host.stop);
    return { url: host.url, mq, engine, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startObserver(plan: HostPlan, onError: (line: string) => void): Promise<LocalHost> {
  const write = (line: string): void => {
    if (line.includes('"level":"error"')) onError(line.trimEnd());
  };
  return startLocalHost({
    plan: await withEncryptionKey(plan),
    bundles: await prepareBundles(),
    log: createLogger({ level: 'error', constant: {}, clock: systemClock, write }),
    onLine: (_name, line) => write(line),
    clock: systemClock,
    randomness: systemRandomness,
  });
}

/** What would be in the secret and the config map of the functions. */
function planOf(mq: MqSimulator, engine: CodeEngineSimulator, dataDir: string): HostPlan {
  const env = {
    ...{ PORT: '0', NOTIFY_SCHEDULE: NEVER, RESTORE_SCHEDULE: NEVER, PERSIST_SCHEDULE: NEVER },
    ...{ STORE: 'file', NO_COS: '1', DATA_DIR: dataDir },
    ...{ QMGR: DEMO_QUEUE_MANAGER, MQ_REST_HOST: mq.restUrl, MQ_REST_PORT: String(mq.restPort) },
    ...{ ADMIN_USER: 'mqreader', ADMIN_PASSWORD: 'mqreader' },
    CE_API_ENDPOINT: engine.apiEndpoint,
    CE_auth_endpoint: engine.iamUrl,
    ce_apikey: 'api-key',
    regions: 'eu-de',
  };
  const planned = planHost({ env, readText: () => '{}', cwd: dataDir });
  if (planned.ok) return planned.plan;
  throw new Error(planned.problems.map(({ key, message }) => `${key} ${message}`).join('; '));
}
