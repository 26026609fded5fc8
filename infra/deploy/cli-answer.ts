import { isObject } from '../../lib/platform/configuration/json-values.ts';
import { DeployError } from './deploy-error.ts';

/**
 * The CLI documents `--output json` and not what is in it. Lists are seen as arrays, or in an object under one of LISTS
 * (`items` of Kubernetes, or named after the kind as in the API); entries have their name in `name` or `metadata.name`.
 * All forms are taken; what is none of them is an error, and never an empty list: nothing must be made or removed for it.
 */
export interface Entry {
  readonly name: string;
  readonly fields: Fields;
}

/** One JSON object of the CLI. Texts that are absent or of another type are undefined. */
export interface Fields {
  readonly text: (...path: readonly string[]) => string | undefined;
  /** The texts of an object, by key; of another type: none. */
  readonly texts: (...path: readonly string[]) => ReadonlyMap<string, string>;
  readonly number: (...path: readonly string[]) => number | undefined;
}

const LISTS: ReadonlySet<string> = new Set([
  ...['items', 'projects', 'functions', 'configmaps', 'config_maps', 'secrets'],
  ...['subscriptions', 'cron_subscriptions', 'plugins'],
]);

/** The entries of a list. @throws {DeployError} when it cannot be understood. */
export function parseList(output: string, command: string): readonly Entry[] {
  return arrayIn(parse(output, command), command).map((entry) => {
    const fields = fieldsOf(entry);
    const name = fields.text('name') ?? fields.text('Name') ?? fields.text('metadata', 'name');
    if (name === undefined) throw notUnderstood(command, 'an entry without a name');
    return { name, fields };
  });
}

/** One object. @throws {DeployError} when it is none. */
export function parseObject(output: string, command: string): Fields {
  const parsed = parse(output, command);
  if (!isObject(parsed)) throw notUnderstood(command, 'no JSON object');
  return fieldsOf(parsed);
}

function parse(output: string, command: string): unknown {
  // Colors are seen in JSON, too.
  const text = output.replaceAll(/\u001B\[[0-9;]*m/g, '').trim();
  if (text === '') throw notUnderstood(command, 'nothing at all');
  try {
    return JSON.parse(text);
  } catch {
    throw notUnderstood(command, 'something that is no JSON');
  }
}

function arrayIn(parsed: unknown, command: string): readonly unknown[] {
  if (Array.isArray(parsed)) return parsed;
  const entries = isObject(parsed) ? Object.entries(parsed).filter(([key]) => LISTS.has(key)) : [];
  const [[, only] = []] = entries;
  if (entries.length === 1 && Array.isArray(only)) return only;
  // A list of Kubernetes without entries.
  if (isObject(parsed) && 'items' in parsed && parsed.items === null) return [];
  throw notUnderstood(command, 'no list');
}

function fieldsOf(value: unknown): Fields {
  const at = (path: readonly string[]): unknown => {
    let found = value;
    for (const key of path)
      found = isObject(found) && Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
    return found;
  };
  return {
    text: (...path) => {
      const found = at(path);
      return typeof found === 'string' && found !== '' ? found : undefined;
    },
    texts: (...path) => {
      const found = at(path);
      const entries = isObject(found) ? Object.entries(found) : [];
      return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    },
    number: (...path) => {
      const found = at(path);
      return typeof found === 'number' ? found : undefined;
    },
  };
}

function notUnderstood(command: string, what: string): DeployError {
  return new DeployError(
    `"${command}" answered ${what}. Nothing is changed on a guess: see what it prints, and compare the versions in docs/deploying.md.`,
  );
}
