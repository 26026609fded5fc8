import { readFileSync } from 'node:fs';
import { systemClock } from '../../../lib/platform/system-clock.ts';
import { listenForStop } from '../../host/stop-signal.ts';
import { parseSimulateMq, SIMULATE_MQ_HELP, type SimulateMqOptions } from './cli-options.ts';
import { startMqSimulator, type MqSimulator } from './mq-simulator.ts';
import { SimulatorError } from '../shared/simulator-error.ts';
import { startTraffic, type Traffic } from './traffic.ts';
import type { TlsMaterial } from './tls/tls-material.ts';
import { DEFAULT_USERS } from './users.ts';

/** What `simulate mq` has to do with the world. */
export interface SimulateMqIo {
  /** For what was asked for. */
  readonly stdout: Pick<NodeJS.WritableStream, 'write'>;
  /** For what is wrong. */
  readonly stderr: Pick<NodeJS.WritableStream, 'write'>;
  /** Resolves when the simulator is to stop; with a signal to the process when not given. */
  readonly stopRequested?: Promise<unknown>;
}

const TRAFFIC_EVERY_MS = 5_000;

/** Runs a simulator until it is asked to stop. Resolves with the exit code: 0, or 2 when the options are wrong. */
export async function runSimulateMq(argv: readonly string[], io: SimulateMqIo): Promise<number> {
  try {
    const options = parseSimulateMq(argv);
    if (options === 'help') {
      io.stdout.write(SIMULATE_MQ_HELP);
      return 0;
    }
    await serve(options, io);
    return 0;
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    io.stderr.write(`${error.message}\nsimulate mq --help says what there is.\n`);
    return 2;
  }
}

async function serve(options: SimulateMqOptions, io: SimulateMqIo): Promise<void> {
  const tls = tlsMaterial(options);
  const queues = Object.fromEntries(
    Array.from({ length: options.queues }, (_, index) => [`APP.${index + 1}`, 0]),
  );
  const simulator = await startMqSimulator({
    queueManagers: options.queueManagers.map((name) => ({ name, queues })),
    users: [
      { name: options.user, password: options.password },
      // The messaging REST API serves no administrators.
      ...DEFAULT_USERS.filter(({ name, role }) => role === 'MQWebUser' && name !== options.user),
    ],
    logins: options.logins,
    switches: options.switches,
    port: options.port,
    controlPort: options.controlPort,
    ...(tls === undefined ? {} : { tls }),
  });
  const traffic = options.hasTraffic ? letArrive(simulator, options, io) : undefined;
  try {
    io.stdout.write(welcome(simulator, options));
    await (io.stopRequested ?? listenForStop().received);
  } finally {
    await traffic?.stop();
    await simulator.close();
  }
}

function tlsMaterial({ tls }: SimulateMqOptions): TlsMaterial | undefined {
  if (tls === undefined) return undefined;
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      throw new SimulatorError(400, `${path} cannot be read`);
    }
  };
  return { cert: read(tls.certPath), key: read(tls.keyPath) };
}

function letArrive(simulator: MqSimulator, { queueManagers }: SimulateMqOptions, io: SimulateMqIo): Traffic {
  return startTraffic(simulator, {
    clock: systemClock,
    sources: queueManagers.map((qmgr) => ({ qmgr, queue: 'APP.1', everyMs: TRAFFIC_EVERY_MS })),
    onArrival: ({ qmgr, queue, depth }) => void io.stdout.write(`${qmgr}/${queue} holds ${depth}\n`),
  });
}

function welcome({ restBaseUrl, controlUrl }: MqSimulator, options: SimulateMqOptions): string {
  const qmgr = encodeURIComponent(options.queueManagers[0] ?? '');
  const curl = options.tls === undefined ? 'curl' : 'curl --insecure';
  const rest = `${restBaseUrl}/ibmmq/rest`;
  // A password of one's own is asked for by curl, and is not shown.
  const isUsual = DEFAULT_USERS.some(
    ({ name, password }) => name === options.user && password === options.password,
  );
  const user = `-u '${options.user}${isUsual ? `:${options.password}` : ''}'`;
  const json = `-H 'Content-Type: application/json'`;
  const command =
    '{"type":"runCommandJSON","command":"display","qualifier":"qlocal","name":"APP.*","responseParameters":["curdepth"]}';
  return [
    `MQ REST API  ${rest}  (user ${options.user}; app with the password app for messages)`,
    `Control API  ${controlUrl}/_emu`,
    `Queue managers: ${options.queueManagers.join(', ')}`,
    'Try:',
    `  curl -X POST '${controlUrl}/_emu/qmgr/${qmgr}/queue/APP.1/put?n=3'`,
    `  ${curl} ${user} '${rest}/v1/admin/qmgr/${qmgr}/queue?type=local&status=status.currentDepth'`,
    `  ${curl} ${user} -H 'ibm-mq-rest-csrf-token: x' ${json} -d '${command}' '${rest}/v3/admin/action/qmgr/${qmgr}/mqsc'`,
    `  ${curl} -u app:app -H 'ibm-mq-rest-csrf-token: x' -H 'Content-Type: text/plain' -d 'hello' '${rest}/v2/messaging/qmgr/${qmgr}/queue/APP.1/message'`,
    `  curl -X POST '${controlUrl}/_emu/faults?qmgr=${qmgr}&fault=status:503'`,
    `  curl '${controlUrl}/_emu'`,
    '',
  ].join('\n');
}
