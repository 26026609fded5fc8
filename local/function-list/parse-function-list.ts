import type {
  CronTrigger,
  FunctionEntry,
  FunctionList,
  HttpTrigger,
  SignedTrigger,
  Trigger,
} from './function-list.ts';
import { createReader, type Fields } from './fields.ts';

/** `functions/functions.json` is not as it must be. The message names every fault with its place. */
export class FunctionListError extends Error {
  override readonly name = 'FunctionListError';
}

const SIZES = ['0.25 and 1G', '0.5 and 2G', '1 and 4G'] as const;
const KEYS_OF_FUNCTION = [
  'name',
  'description',
  'visibility',
  'triggers',
  'cpu',
  'memory',
  'maxExecutionSeconds',
  'scaleDownDelaySeconds',
  'concurrency',
  'bundleKilobytesMax',
] as const;

/**
 * Reads the text of `functions/functions.json`.
 * @throws {FunctionListError} naming everything that is wrong with it.
 */
export function parseFunctionList(text: string): FunctionList {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new FunctionListError(`functions.json is not JSON: ${String(cause)}`, { cause });
  }
  const faults: string[] = [];
  const top = createReader((place, expected) => faults.push(`${place}: ${expected}`));
  const list = top
    .fields(document, '', ['functions'])
    .list('functions', 1, (value, place) => readFunction(top.fields(value, place, KEYS_OF_FUNCTION)));
  faults.push(...faultsAcross(list));
  if (faults.length > 0) throw new FunctionListError(`functions.json is wrong:\n  ${faults.join('\n  ')}`);
  return list;
}

function readFunction(fields: Fields): FunctionEntry {
  const cpu = fields.text('cpu');
  const memory = fields.text('memory');
  if (!SIZES.some((size) => size === `${cpu} and ${memory}`))
    fields.fault('cpu', `must be, with memory, one of ${SIZES.join(', ')}`);
  return {
    name: fields.text('name', /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/),
    description: fields.text('description'),
    visibility: fields.oneOf('visibility', ['public', 'project']),
    triggers: fields.list('triggers', 1, (value, place) => readTrigger(fields, value, place)),
    cpu,
    memory,
    maxExecutionSeconds: fields.integer('maxExecutionSeconds', 1, 120),
    scaleDownDelaySeconds: fields.integer('scaleDownDelaySeconds', 0, 600),
    concurrency: fields.integer('concurrency', 1, 100),
    bundleKilobytesMax: fields.integer('bundleKilobytesMax', 1, 100_000),
  };
}

function readTrigger(parent: Fields, value: unknown, place: string): Trigger {
  const kind = parent.nested(value, place).oneOf('kind', ['http', 'cron', 'signed']);
  if (kind === 'signed') return readSignedTrigger(parent, value, place);
  return kind === 'http' ? readHttpTrigger(parent, value, place) : readCronTrigger(parent, value, place);
}

function readSignedTrigger(parent: Fields, value: unknown, place: string): SignedTrigger {
  const fields = parent.nested(value, place, ['kind', 'paths']);
  return {
    kind: 'signed',
    paths: fields.list('paths', 1, (path, at) => {
      if (typeof path === 'string' && /^(\/[-a-z0-9]+)+$/.test(path)) return path;
      fields.faultAt(at, 'must be a path such as /range');
      return '';
    }),
  };
}

function readHttpTrigger(parent: Fields, value: unknown, place: string): HttpTrigger {
  const fields = parent.nested(value, place, ['kind', 'paths', 'takesUnknownPaths']);
  return {
    kind: 'http',
    paths: fields.list('paths', 1, (path, at) => {
      if (typeof path === 'string' && /^(\/[-a-z0-9]+)+(\/\*)?$/.test(path)) return path;
      fields.faultAt(at, 'must be a path such as /register or /admin/*');
      return '';
    }),
    takesUnknownPaths: fields.flag('takesUnknownPaths'),
  };
}

function readCronTrigger(parent: Fields, value: unknown, place: string): CronTrigger {
  const fields = parent.nested(value, place, [
    'kind',
    'cycle',
    'scheduleSetting',
    'intervalSetting',
    'modes',
  ]);
  const modes = ['all', 'reservations', 'notifications'] as const;
  return {
    kind: 'cron',
    cycle: fields.oneOf('cycle', ['notify', 'restore', 'persist']),
    scheduleSetting: fields.text('scheduleSetting', /^[A-Z_]+$/),
    intervalSetting: fields.text('intervalSetting', /^[A-Z_]+$/),
    modes: fields.list('modes', 1, (mode, at) => {
      const known = modes.find((candidate) => candidate === mode);
      if (known === undefined) fields.faultAt(at, `must be one of ${modes.join(', ')}`);
      return known ?? 'all';
    }),
  };
}

/** What no single entry can know: names and paths are claimed once, and exactly one function takes unknown paths. */
function faultsAcross(list: FunctionList): string[] {
  const http = list.flatMap((entry) => entry.triggers).filter((trigger) => trigger.kind === 'http');
  const faults = [
    ...repeated(list.map((entry) => entry.name)).map((name) => `functions: the name ${name} is taken twice`),
    ...repeated(http.flatMap((trigger) => trigger.paths)).map(
      (path) => `functions: the path ${path} is claimed twice`,
    ),
  ];
  if (http.filter((trigger) => trigger.takesUnknownPaths).length !== 1)
    faults.push('functions: exactly one function must have takesUnknownPaths');
  return faults;
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
