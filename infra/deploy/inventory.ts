import { parseList, parseObject, type Entry } from './cli-answer.ts';
import { shown, type Ibmcloud } from './ibmcloud.ts';
import type { DeploymentNames } from './names.ts';

/** What is in the project, as far as a deployment needs to know. Undefined data: there is no such secret or config map. */
export interface Inventory {
  readonly functions: ReadonlySet<string>;
  readonly subscriptions: readonly Entry[];
  readonly secret: Data | undefined;
  readonly settings: Data | undefined;
  /** Names of functions with the fingerprint of what was deployed, see `record.ts`. */
  readonly record: Data | undefined;
}

export type Data = ReadonlyMap<string, string>;

/** Of a project that is yet to be made. */
export const emptyInventory: Inventory = {
  functions: new Set(),
  subscriptions: [],
  secret: undefined,
  settings: undefined,
  record: undefined,
};

/** Looks into the selected project. @throws {DeployError} when the CLI fails or cannot be understood. */
export async function readInventory(ibmcloud: Ibmcloud, names: DeploymentNames): Promise<Inventory> {
  const functions = await namesOf(ibmcloud, 'function');
  const configMaps = await namesOf(ibmcloud, 'configmap');
  const secrets = await namesOf(ibmcloud, 'secret');
  const configMap = async (name: string): Promise<Data | undefined> =>
    configMaps.has(name) ? dataOf(ibmcloud, 'configmap', name) : undefined;
  return {
    functions,
    subscriptions: await list(ibmcloud, ['subscription', 'cron']),
    secret: secrets.has(names.secret) ? decoded(await dataOf(ibmcloud, 'secret', names.secret)) : undefined,
    settings: await configMap(names.configMap),
    record: await configMap(names.record),
  };
}

/** The same of what timers take. */
export async function readTimers(
  ibmcloud: Ibmcloud,
  names: DeploymentNames,
): Promise<Pick<Inventory, 'subscriptions' | 'record'>> {
  const subscriptions = await list(ibmcloud, ['subscription', 'cron']);
  const isRecorded = (await namesOf(ibmcloud, 'configmap')).has(names.record);
  return {
    subscriptions,
    record: isRecorded ? await dataOf(ibmcloud, 'configmap', names.record) : undefined,
  };
}

async function list(ibmcloud: Ibmcloud, kind: readonly string[]): Promise<readonly Entry[]> {
  const args = ['ce', ...kind, 'list', '--output', 'json'];
  return parseList(await ibmcloud.run(args), shown(args));
}

async function namesOf(ibmcloud: Ibmcloud, kind: string): Promise<ReadonlySet<string>> {
  return new Set((await list(ibmcloud, [kind])).map(({ name }) => name));
}

async function dataOf(ibmcloud: Ibmcloud, kind: 'secret' | 'configmap', name: string): Promise<Data> {
  const args = ['ce', kind, 'get', '--name', name, '--output', 'json'];
  const output = await ibmcloud.run(args, { printsSecrets: kind === 'secret' });
  return parseObject(output, shown(args)).texts('data');
}

/** Values of secrets come in base64. */
function decoded(data: Data): Data {
  return new Map([...data].map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}
