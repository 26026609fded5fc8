/** The commands of the IBM Cloud CLI that a deployment may use, with all that is documented of their flags. */

/** A flag: takes a value, or `many` of them, or is a switch that takes `=true` and `=false`. */
type Flag = 'value' | 'many' | 'switch';

export interface CommandSyntax {
  readonly flags: Readonly<Record<string, Flag>>;
  readonly required: readonly string[];
  /** What values must look like, by flag. */
  readonly values?: Readonly<Record<string, RegExp>>;
}

/** One command as it was given. */
export interface Parsed {
  readonly command: string;
  /** Values by flag; a switch has `true` or `false`. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';
}

const name = { '--name': 'value' } as const;
const output = { '--output': 'value' } as const;
const removal = {
  ...name,
  '--force': 'switch',
  '--ignore-not-found': 'switch',
  '--quiet': 'switch',
} as const;
const OUTPUT = { '--output': /^(json|yaml|url|project-url|jsonpath=.+|jsonpath-as-json=.+)$/ };
const NAME = { '--name': /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/ };
const JSON_ONLY = { '--output': /^JSON$/i };

const data = {
  flags: { ...name, ...output, '--from-env-file': 'many', '--from-file': 'many', '--from-literal': 'many' },
  required: ['--name'],
  values: {
    ...NAME,
    ...OUTPUT,
    '--from-file': /^[-._a-zA-Z0-9]+=.+$/,
    '--from-literal': /^[-._a-zA-Z0-9]+=/,
  },
} as const;
const dataUpdate = { ...data, flags: { ...data.flags, '--rm': 'many' } } as const;

const functionFlags: CommandSyntax['flags'] = {
  ...{ ...name, ...output, '--runtime': 'value', '--inline-code': 'value', '--code-bundle': 'value' },
  ...{ '--build-source': 'value', '--build-commit': 'value', '--build-context-dir': 'value' },
  ...{ '--build-timeout': 'value', '--code-bundle-secret': 'value', '--cpu': 'value', '--memory': 'value' },
  ...{ '--env': 'many', '--env-from-configmap': 'many', '--env-from-secret': 'many', '--main': 'value' },
  ...{ '--maxexecutiontime': 'value', '--scale-down-delay': 'value', '--visibility': 'value' },
  ...{
    '--trusted-profiles-enabled': 'switch',
    '--force': 'switch',
    '--wait': 'switch',
    '--no-wait': 'switch',
  },
  ...{ '--wait-timeout': 'value', '--quiet': 'switch' },
};
const functionValues = {
  ...{ '--name': /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, '--runtime': /^(nodejs-(20|22|24)|python-3\.1[13])$/ },
  ...{ '--cpu': /^(0\.25|0\.5|1)$/, '--memory': /^[124]G$/, '--visibility': /^(public|private|project)$/ },
  ...{ '--maxexecutiontime': /^([1-9]\d?|1[01]\d|120)$/, '--scale-down-delay': /^([1-5]?\d?\d|600)$/ },
  ...{ '--env': /^[A-Za-z_]\w*=/ },
};

const cron: Pick<CommandSyntax, 'flags' | 'values'> = {
  flags: {
    ...{ ...name, ...output, '--destination': 'value', '--destination-type': 'value', '--schedule': 'value' },
    ...{ '--time-zone': 'value', '--data': 'value', '--data-base64': 'value', '--content-type': 'value' },
    ...{ '--extension': 'many', '--force': 'switch', '--wait': 'switch', '--no-wait': 'switch' },
    ...{ '--wait-timeout': 'value', '--path': 'value', '--quiet': 'switch' },
  },
  values: {
    ...{
      ...NAME,
      ...OUTPUT,
      '--destination-type': /^(app|function|job)$/,
      '--time-zone': /^(UTC|[A-Z]\w+\/\w+)$/,
    },
    ...{ '--schedule': /^[-\d*/,]+( [-\dA-Za-z*/,]+){4}$/ },
  },
} as const;

const project = { '--name': 'value', '--id': 'value' } as const;
const list: CommandSyntax = { flags: output, required: [], values: OUTPUT };
const get: CommandSyntax = {
  flags: { ...name, ...output },
  required: ['--name'],
  values: { ...NAME, ...OUTPUT },
};
const remove: CommandSyntax = { flags: removal, required: ['--name'], values: NAME };

const COMMANDS: Readonly<Record<string, CommandSyntax>> = {
  'plugin list': { flags: output, required: [], values: JSON_ONLY },
  target: { flags: { ...output, '-r': 'value', '-g': 'value' }, required: [], values: JSON_ONLY },
  'ce project list': list,
  'ce project current': list,
  'ce project select': { flags: { ...project, '--kubecfg': 'switch' }, required: ['--name'] },
  'ce project create': {
    flags: { ...project, '--no-select': 'switch', '--tag': 'many' },
    required: ['--name'],
  },
  'ce project delete': {
    flags: { ...project, '--force': 'switch', '--hard': 'switch' },
    required: ['--name'],
  },
  'ce configmap list': list,
  'ce configmap get': get,
  'ce configmap create': data,
  'ce configmap update': dataUpdate,
  'ce configmap delete': remove,
  'ce secret list': list,
  'ce secret get': { ...get, flags: { ...get.flags, '--decode': 'switch' } },
  'ce secret create': { ...data, flags: { ...data.flags, '--format': 'value' } },
  'ce secret update': dataUpdate,
  'ce secret delete': remove,
  'ce function runtimes': list,
  'ce function list': list,
  'ce function get': get,
  'ce function create': { flags: functionFlags, required: ['--name', '--runtime'], values: functionValues },
  'ce function update': { flags: functionFlags, required: ['--name'], values: functionValues },
  'ce function delete': remove,
  'ce subscription cron list': list,
  'ce subscription cron get': get,
  'ce subscription cron create': { ...cron, required: ['--name', '--destination'] },
  'ce subscription cron update': {
    ...cron,
    flags: { ...cron.flags, '--extension-rm': 'many' },
    required: ['--name'],
  },
  'ce subscription cron delete': remove,
};

/** @throws {SyntaxFault} for a command, a flag or a value that is not documented. */
export function parseCommand(args: readonly string[]): Parsed {
  const words = args.findIndex((arg) => arg.startsWith('-'));
  const command = args.slice(0, words < 0 ? args.length : words).join(' ');
  const syntax = COMMANDS[command];
  if (syntax === undefined) throw new SyntaxFault(`'${command}' is not a registered command.`);
  const flags = parseFlags(args.slice(command.split(' ').length), syntax);
  for (const flag of syntax.required)
    if (!flags.has(flag)) throw new SyntaxFault(`Required option '${flag}' is not set.`);
  for (const [flag, form] of Object.entries(syntax.values ?? {}))
    for (const value of flags.get(flag) ?? [])
      if (!form.test(value)) throw new SyntaxFault(`Invalid value '${value}' for option '${flag}'.`);
  return { command, flags };
}

function parseFlags(args: readonly string[], { flags: known }: CommandSyntax): Parsed['flags'] {
  const flags = new Map<string, readonly string[]>();
  for (let index = 0; index < args.length; index++) {
    const [, flag = '', inline] = /^(-[^=]*)(?:=([^]*))?$/.exec(args[index] ?? '') ?? [];
    const kind = known[flag];
    if (kind === undefined)
      throw new SyntaxFault(`Incorrect Usage: flag provided but not defined: ${args[index] ?? ''}`);
    const value = inline ?? (kind === 'switch' ? 'true' : args[(index += 1)]);
    if (value === undefined) throw new SyntaxFault(`Incorrect Usage: flag needs an argument: ${flag}`);
    if (kind === 'switch' && value !== 'true' && value !== 'false')
      throw new SyntaxFault(`Incorrect Usage: invalid boolean value "${value}" for ${flag}`);
    if (kind === 'value' && flags.has(flag)) throw new SyntaxFault(`Incorrect Usage: ${flag} is given twice`);
    flags.set(flag, [...(flags.get(flag) ?? []), value]);
  }
  return flags;
}
