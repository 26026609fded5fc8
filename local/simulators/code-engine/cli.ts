import { listenForStop } from '../../host/stop-signal.ts';
import { SimulatorError } from '../shared/simulator-error.ts';
import {
  parseSimulateCodeEngine,
  SIMULATE_CODE_ENGINE_HELP,
  USUAL_API_KEY,
  type SimulateCodeEngineOptions,
} from './cli-options.ts';
import { startCodeEngineSimulator, type CodeEngineSimulator } from './code-engine-simulator.ts';

/** What `simulate code-engine` has to do with the world. */
export interface SimulateCodeEngineIo {
  /** For what was asked for. */
  readonly stdout: Pick<NodeJS.WritableStream, 'write'>;
  /** For what is wrong. */
  readonly stderr: Pick<NodeJS.WritableStream, 'write'>;
  /** Resolves when the simulator is to stop; with a signal to the process when not given. */
  readonly stopRequested?: Promise<unknown>;
}

/** Runs a simulator until it is asked to stop. Resolves with the exit code: 0, or 2 when the options are wrong. */
export async function runSimulateCodeEngine(
  argv: readonly string[],
  io: SimulateCodeEngineIo,
): Promise<number> {
  try {
    const options = parseSimulateCodeEngine(argv);
    if (options === 'help') {
      io.stdout.write(SIMULATE_CODE_ENGINE_HELP);
      return 0;
    }
    await serve(options, io);
    return 0;
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    io.stderr.write(`${error.message}\nsimulate code-engine --help says what there is.\n`);
    return 2;
  }
}

async function serve(options: SimulateCodeEngineOptions, io: SimulateCodeEngineIo): Promise<void> {
  const { port, iamPort, controlPort, apiKey, runMs, switches } = options;
  const simulator = await startCodeEngineSimulator({
    projects: options.regions.map((region) => ({
      id: projectIn(region),
      name: projectIn(region),
      region,
      jobs: Object.fromEntries(options.jobs.map((job) => [job, {}])),
    })),
    apiKeys: [{ apiKey }],
    plan: { runMs },
    ...{ port, iamPort, controlPort, switches },
  });
  try {
    io.stdout.write(welcome(simulator, options));
    await (io.stopRequested ?? listenForStop().received);
  } finally {
    await simulator.close();
  }
}

function projectIn(region: string): string {
  return `project-${region}`;
}

function welcome(
  simulator: CodeEngineSimulator,
  { regions, jobs, apiKey }: SimulateCodeEngineOptions,
): string {
  const { apiEndpoint, iamUrl, controlUrl } = simulator;
  const [region = ''] = regions;
  const runs = `${apiEndpoint.replace('{region}', region)}/projects/${projectIn(region)}/job_runs`;
  // A key of one's own is not shown.
  const key = apiKey === USUAL_API_KEY ? apiKey : '…';
  const grant = `grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey=${key}`;
  const token = `TOKEN=$(curl -s -d '${grant}' '${iamUrl}/identity/token' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
  return [
    `Code Engine API  ${apiEndpoint}`,
    `IAM              ${iamUrl}/identity/token`,
    `Control API      ${controlUrl}/_emu`,
    `Jobs: ${regions.flatMap((one) => jobs.map((job) => `${one}/${projectIn(one)}/${job}`)).join(', ')}`,
    'Settings of the observer:',
    `  CE_API_ENDPOINT='${apiEndpoint}'`,
    `  CE_auth_endpoint='${iamUrl}'`,
    `  ce_apikey='${key}'`,
    `  regions='${regions.join(',')}'`,
    'Try:',
    `  ${token}`,
    `  curl -H "Authorization: Bearer $TOKEN" -d '{"job_name":"${jobs[0] ?? ''}"}' '${runs}'`,
    `  curl -H "Authorization: Bearer $TOKEN" '${runs}'`,
    `  curl -X POST '${controlUrl}/_emu/faults?fault=status:429:5&operation=createJobRun&calls=1'`,
    `  curl '${controlUrl}/_emu'`,
    '',
  ].join('\n');
}
