import { parseArgs } from 'node:util';
import { SimulatorError } from '../shared/simulator-error.ts';
import { parseSwitches, SWITCHES, type Switches } from './switches.ts';

/** What `simulate code-engine` was asked for. */
export interface SimulateCodeEngineOptions {
  readonly port: number;
  readonly iamPort: number;
  readonly controlPort: number;
  /** Each has one project. */
  readonly regions: readonly string[];
  /** Of each project. */
  readonly jobs: readonly string[];
  readonly apiKey: string;
  readonly runMs: number;
  readonly switches: Partial<Switches>;
}

/** The API key that signs in when nobody says otherwise; no secret. */
export const USUAL_API_KEY = 'api-key';

const REGIONS: string[] = ['eu-de'];
const JOBS: string[] = ['my-job'];
const NO_SWITCHES: string[] = [];
const OPTIONS = {
  port: { type: 'string', default: '9090' },
  'iam-port': { type: 'string', default: '9091' },
  'control-port': { type: 'string', default: '9092' },
  region: { type: 'string', multiple: true, default: REGIONS },
  job: { type: 'string', multiple: true, default: JOBS },
  'api-key': { type: 'string', default: USUAL_API_KEY },
  'run-seconds': { type: 'string', default: '10' },
  switch: { type: 'string', multiple: true, default: NO_SWITCHES },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What `--help` prints. */
export const SIMULATE_CODE_ENGINE_HELP = `Usage: simulate code-engine [options]

Answers like the Code Engine API v2 and like IAM, on 127.0.0.1, until it is stopped.

  --port <n>              of the API (9090); another one is taken when it is not free
  --iam-port <n>          of IAM (9091), likewise
  --control-port <n>      of the control API (9092), likewise
  --region <name>         a region with a project in it (eu-de); repeatable
  --job <name>            a job of each project (my-job); repeatable
  --api-key <text>        what signs in (${USUAL_API_KEY})
  --run-seconds <n>       how long a run lasts (10)
  --switch <name=value>   how Code Engine behaves where nobody is sure; repeatable
  --help                  this

Switches (the first value is the default):
${Object.entries(SWITCHES)
  .map(([name, { values, what }]) => `  ${name}=${values.join('|')}\n      ${what}`)
  .join('\n')}
`;

/**
 * Reads the command line; `help` when it is asked for.
 * @throws {SimulatorError} saying what is wrong.
 */
export function parseSimulateCodeEngine(argv: readonly string[]): SimulateCodeEngineOptions | 'help' {
  const values = parsed(argv);
  if (values.help) return 'help';
  return {
    port: numberOf('port', values.port, 65_535),
    iamPort: numberOf('iam-port', values['iam-port'], 65_535),
    controlPort: numberOf('control-port', values['control-port'], 65_535),
    regions: values.region,
    jobs: values.job,
    apiKey: values['api-key'],
    runMs: numberOf('run-seconds', values['run-seconds'], 86_400) * 1000,
    switches: parseSwitches(Object.fromEntries(values.switch.map(nameAndValue))),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new SimulatorError(400, error instanceof Error ? error.message : 'the options cannot be read');
  }
}

function numberOf(option: string, text: string, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new SimulatorError(400, `--${option} is a whole number from 0 to ${max}`);
}

function nameAndValue(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new SimulatorError(400, `--switch ${text}: name=value is needed`);
  return [text.slice(0, at), text.slice(at + 1)];
}
