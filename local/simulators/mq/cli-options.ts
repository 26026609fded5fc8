import { parseArgs } from 'node:util';
import { LOGINS, type Login } from './login/sign-in.ts';
import { SimulatorError } from '../shared/simulator-error.ts';
import { parseSwitches, SWITCHES, type Switches } from './switches.ts';

/** What `simulate mq` was asked for. */
export interface SimulateMqOptions {
  readonly port: number;
  readonly controlPort: number;
  /** Paths of PEM files; both or none. */
  readonly tls: { readonly certPath: string; readonly keyPath: string } | undefined;
  readonly queueManagers: readonly string[];
  /** On each queue manager, beside those that every one has. */
  readonly queues: number;
  readonly user: string;
  readonly password: string;
  readonly logins: readonly Login[];
  readonly switches: Partial<Switches>;
  readonly hasTraffic: boolean;
}

const QUEUES_MAX = 100_000;

const QUEUE_MANAGERS: string[] = ['QM1'];
const USUAL_LOGINS: string[] = ['basic', 'ltpa'];
const NO_SWITCHES: string[] = [];
const OPTIONS = {
  port: { type: 'string', default: '9080' },
  'control-port': { type: 'string', default: '9081' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  qmgr: { type: 'string', multiple: true, default: QUEUE_MANAGERS },
  queues: { type: 'string', default: '3' },
  user: { type: 'string', default: 'mqreader' },
  password: { type: 'string', default: 'mqreader' },
  login: { type: 'string', multiple: true, default: USUAL_LOGINS },
  switch: { type: 'string', multiple: true, default: NO_SWITCHES },
  traffic: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What `--help` prints. */
export const SIMULATE_MQ_HELP = `Usage: simulate mq [options]

Answers like the MQ web server, on 127.0.0.1, until it is stopped.

  --port <n>              of the REST API (9080); another one is taken when it is not free
  --control-port <n>      of the control API (9081), likewise
  --tls-cert <file>       serve HTTPS with this certificate (PEM)
  --tls-key <file>        and this key
  --qmgr <name>           a queue manager (QM1); repeatable
  --queues <n>            local queues APP.1, APP.2 … on each (3)
  --user <name>           who may sign in (mqreader)
  --password <text>       and with what (mqreader)
  --login <way>           ${LOGINS.join(', ')}; repeatable (basic and ltpa)
  --switch <name=value>   how MQ behaves where nobody is sure; repeatable
  --traffic               lets messages arrive on APP.1 of each queue manager
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
export function parseSimulateMq(argv: readonly string[]): SimulateMqOptions | 'help' {
  const values = parsed(argv);
  if (values.help) return 'help';
  return {
    port: numberOf('port', values.port, 65_535),
    controlPort: numberOf('control-port', values['control-port'], 65_535),
    tls: tlsOf(values['tls-cert'], values['tls-key']),
    queueManagers: values.qmgr,
    queues: numberOf('queues', values.queues, QUEUES_MAX),
    user: values.user,
    password: values.password,
    logins: values.login.map(asLogin),
    switches: parseSwitches(Object.fromEntries(values.switch.map(nameAndValue))),
    hasTraffic: values.traffic,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new SimulatorError(400, error instanceof Error ? error.message : 'the options cannot be read');
  }
}

function tlsOf(certPath: string | undefined, keyPath: string | undefined): SimulateMqOptions['tls'] {
  if (certPath === undefined && keyPath === undefined) return undefined;
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath };
  throw new SimulatorError(400, '--tls-cert and --tls-key come together');
}

function numberOf(option: string, text: string, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new SimulatorError(400, `--${option} is a whole number from 0 to ${max}`);
}

function asLogin(text: string): Login {
  const login = LOGINS.find((candidate) => candidate === text);
  if (login === undefined) throw new SimulatorError(400, `--login is one of ${LOGINS.join(', ')}`);
  return login;
}

function nameAndValue(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new SimulatorError(400, `--switch ${text}: name=value is needed`);
  return [text.slice(0, at), text.slice(at + 1)];
}
