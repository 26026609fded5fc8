import { parseArgs } from 'node:util';
import type { NatsSettings } from '../../lib/platform/configuration/configuration.ts';
import { ResponderError } from './responder-error.ts';
import { readServer, type Given } from './server-settings.ts';
import { isSubject, isSubjectPattern } from './subject-pattern.ts';

/** What `respond` was asked for. */
export type RespondOptions = { readonly server: NatsSettings } & (HandlerOptions | RelayOptions);

/** To run a handler. */
export interface HandlerOptions {
  readonly mode: 'handler';
  readonly subject: string;
  readonly group: string;
  readonly command: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
}

/** To pass messages on. */
export interface RelayOptions {
  readonly mode: 'relay';
  readonly node: string;
  /** The server of the targets, when it is another one. */
  readonly targetServer: NatsSettings | undefined;
  readonly via: string | undefined;
  readonly allow: readonly string[] | undefined;
}

const OPTIONS = {
  subject: { type: 'string' },
  exec: { type: 'string' },
  group: { type: 'string' },
  timeout: { type: 'string', default: '60' },
  concurrency: { type: 'string', default: '1' },
  relay: { type: 'string' },
  via: { type: 'string' },
  allow: { type: 'string', multiple: true },
  server: { type: 'string' },
  creds: { type: 'string' },
  'to-server': { type: 'string' },
  'to-creds': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What `--help` prints. */
export const RESPOND_HELP = `Usage: respond --subject <subject> --exec <command> [options]
       respond --relay <node> [options]

Makes this host a target of wake-ups over NATS, until it is stopped.

With --exec, each wake-up runs a command. It finds CE_QMGR, CE_QUEUE, CE_DEPTH, ID and notification in its environment,
with MQ_OBSERVER_CE_ID and MQ_OBSERVER_CE_SUBJECT, and without NATS_URL and NATS_CREDS. When it ends with 0 the wake-up
is acknowledged, with the last line it printed (JSON) or all of it (text) as data; otherwise it is refused, with the end
of what it wrote to stderr. The same wake-up does not run again while it runs, or within 10 minutes after it succeeded.

  --subject <subject>     where to listen; * and > may be part of it
  --exec <command>        for /bin/sh
  --timeout <seconds>     how long it may run (60)
  --concurrency <n>       how many may run at once (1); others wait their turn
  --group <name>          of those who share a group one gets each wake-up (the subject)

With --relay, wake-ups that are registered with delivery.relay_via are passed on, and the replies back.

  --relay <node>          the name that registrations use
  --allow <subject>       what to pass on to, with * and >; repeatable (everything but $…, _INBOX and mq-observer)
  --via <node>            pass everything on to the relay of that node
  --to-server <url>       where the targets are, when that is another server
  --to-creds <file>       and how to sign in there

  --server <url>          nats:// or tls://, with user:password@ or token@; a comma list is tried in turn
                          (NATS_URL, or nats://127.0.0.1:4222)
  --creds <file>          a credentials file, or its text (NATS_CREDS)
  --help                  this
`;

type Values = ReturnType<typeof parsed>;

/**
 * Reads the command line and the environment; `help` when it is asked for.
 * @throws {ResponderError} saying what is wrong.
 */
export function parseRespond(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): RespondOptions | 'help' {
  const values = parsed(argv);
  if (values.help) return 'help';
  if ((values.relay === undefined) === (values.exec === undefined))
    throw new ResponderError(2, 'either --exec or --relay is needed');
  const server = serverOf(values, environment);
  return values.relay === undefined
    ? { server, ...handlerOptions(values) }
    : { server, ...relayOptions(values, values.relay) };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new ResponderError(2, error instanceof Error ? error.message : 'the options cannot be read');
  }
}

function serverOf(values: Values, environment: NodeJS.ProcessEnv): NatsSettings {
  const url = given('--server', values.server) ??
    given('NATS_URL', environment['NATS_URL']) ?? { name: '--server', text: 'nats://127.0.0.1:4222' };
  return readServer(url, given('--creds', values.creds) ?? given('NATS_CREDS', environment['NATS_CREDS']));
}

/** A blank text is none, as everywhere in the configuration. */
function given(name: string, text: string | undefined): Given | undefined {
  return text === undefined || text.trim() === '' ? undefined : { name, text };
}

function handlerOptions(values: Values): HandlerOptions {
  refuseOf(values, ['via', 'allow', 'to-server', 'to-creds'], '--relay');
  const { subject, exec: command = '' } = values;
  if (subject === undefined || !isSubjectPattern(subject) || subject.startsWith('$'))
    throw new ResponderError(2, '--subject is a NATS subject, such as orders.wake or orders.*');
  const group = values.group ?? subject;
  if (!/^[^\s\p{Cc}]{1,256}$/u.test(group)) throw new ResponderError(2, '--group is a name without blanks');
  if (command.trim() === '') throw new ResponderError(2, '--exec is a command');
  return {
    mode: 'handler',
    subject,
    group,
    command,
    timeoutMs: numberOf('timeout', values.timeout, 86_400) * 1_000,
    concurrency: numberOf('concurrency', values.concurrency, 1_000),
  };
}

function relayOptions(values: Values, node: string): RelayOptions {
  refuseOf(values, ['subject', 'group'], '--exec');
  const { via, allow } = values;
  if (![node, via ?? node].every(isSubject))
    throw new ResponderError(2, '--relay and --via are names of nodes, without blanks, * and >');
  const wrong = allow?.find((pattern) => !isSubjectPattern(pattern));
  if (wrong !== undefined) throw new ResponderError(2, `--allow ${wrong}: a NATS subject is needed`);
  return { mode: 'relay', node, targetServer: targetServerOf(values), via, allow };
}

function targetServerOf(values: Values): NatsSettings | undefined {
  const url = given('--to-server', values['to-server']);
  if (url !== undefined) return readServer(url, given('--to-creds', values['to-creds']));
  refuseOf(values, ['to-creds'], '--to-server');
  return undefined;
}

function refuseOf(values: Values, options: readonly (keyof Values)[], needed: string): void {
  const extra = options.find((option) => values[option] !== undefined);
  if (extra !== undefined) throw new ResponderError(2, `--${extra} is only used with ${needed}`);
}

function numberOf(option: string, text: string, max: number): number {
  const value = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new ResponderError(2, `--${option} is a whole number from 1 to ${max}`);
}
