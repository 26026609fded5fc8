import { parseList, parseObject, type Entry } from './cli-answer.ts';
import { CRON_LIST } from './cron-changes.ts';
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
  const list = async (args: readonly string[]): Promise<readonly Entry[]> =>
    parseList(await ibmcloud.run(args), shown(args));
  const namesOf = async (kind: string): Promise<ReadonlySet<string>> =>
    new Set((await list(['ce', kind, 'list', '--output', 'json'])).map(({ name }) => name));
  const dataOf = async (kind: 'secret' | 'configmap', name: string): Promise<Data> => {
    const args = ['ce', kind, 'get', '--name', name, '--output', 'json'];
    const output = await ibmcloud.run(args, { printsSecrets: kind === 'secret' });
    return parseObject(output, shown(args)).texts('data');
  };
  const functions = await namesOf('function');
  const configMaps = await namesOf('configmap');
  const secrets = await namesOf('secret');
  return {
    functions,
    subscriptions: await list(CRON_LIST),
    secret: secrets.has(names.secret) ? decoded(await dataOf('secret', names.secret)) : undefined,
    settings: configMaps.has(names.configMap) ? await dataOf('configmap', names.configMap) : undefined,
    record: configMaps.has(names.record) ? await dataOf('configmap', names.record) : undefined,
  };
}

/** Values of secrets come in base64. */
function decoded(data: Data): Data {
  return new Map([...data].map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}
