import { InvalidArgumentError, type Command } from 'commander';
import type { AddCommands } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { formatRegistration } from '../format/registrations.ts';
import { REGISTRATION } from '../forms.ts';
import { askObserver } from '../observer-command.ts';
import { readJsonInput } from '../read-input.ts';

interface RegisterOptions {
  readonly qmgr?: string;
  readonly queue?: string;
  readonly notify?: string;
  readonly id?: string;
  readonly depth?: number;
  readonly cooldown?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly from?: string;
}

/** `register`. */
export const addRegister: AddCommands = (program, context) => {
  const command: Command = program
    .command('register')
    .description('Registers a target for a queue, or replaces the registration with that id.')
    .option('--qmgr <name>', 'the queue manager')
    .option('--queue <name>', 'the queue; it may end in one *')
    .option('--notify <target>', 'the target: a URL, a job, or nats:<subject>')
    .option('--id <id>', 'its id (one that follows from queue manager, queue and target)')
    .option('--depth <messages>', 'wake at this depth (when.depth_at_least)', wholeNumber)
    .option('--cooldown <duration>', 'shortest time between two wake-ups, such as PT5M (when.cooldown)')
    .option('--header <name=value>', 'a request header for the target; repeatable (delivery.headers)', header)
    .option('--from <file>', 'everything as JSON from a file, or from - for what is piped in')
    .addHelpText('after', `\n--from keeps header values off the command line, which others see.`);
  askObserver<RegisterOptions>(command, context, async ({ api, options, io, print }) => {
    const json = options.from === undefined ? fieldsOf(options) : await readFields(options, io.stdin);
    const { body } = await api.call({ method: 'POST', path: '/register', form: REGISTRATION, json });
    print(body, (style) => formatRegistration(body, style));
    return 0;
  });
};

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 1 is needed.');
}

function header(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('A name, = and a value are needed.');
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** What is missing or wrong the observer tells, in its own words. */
function fieldsOf({ qmgr, queue, notify, id, depth, cooldown, header: headers }: RegisterOptions): object {
  const when = {
    ...(depth === undefined ? {} : { depth_at_least: depth }),
    ...(cooldown === undefined ? {} : { cooldown }),
  };
  return {
    ...{ id, qmgr, queue, notify },
    ...(Object.keys(when).length === 0 ? {} : { when }),
    ...(headers === undefined ? {} : { delivery: { headers } }),
  };
}

const FIELD_OPTIONS = ['qmgr', 'queue', 'notify', 'id', 'depth', 'cooldown', 'header'] as const;

async function readFields(
  { from = '-', ...options }: RegisterOptions,
  stdin: Parameters<typeof readJsonInput>[1],
): Promise<unknown> {
  const extra = FIELD_OPTIONS.find((name) => options[name] !== undefined);
  if (extra !== undefined) throw new CommandError(2, `--${extra} is not used together with --from.`);
  return readJsonInput(from, stdin);
}
