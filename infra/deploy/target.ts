import { parseList, parseObject } from './cli-answer.ts';
import { DeployError } from './deploy-error.ts';
import { shown, type Ibmcloud } from './ibmcloud.ts';

/** Where the CLI points at. */
export interface Target {
  readonly account: string;
  readonly region: string;
  readonly resourceGroup: string;
  /** Undefined where the CLI does not tell it. */
  readonly resourceGroupId: string | undefined;
  /** The version of the Code Engine plug-in, where the CLI tells it. */
  readonly plugin: string | undefined;
}

/** Since then a cron subscription can call a function. */
const PLUGIN_MIN = [1, 50, 0] as const;
const PLUGINS = ['plugin', 'list', '--output', 'json'];
const TARGET = ['target', '--output', 'json'];

/** Looks whether CLI, plug-in, login, region and resource group are there. @throws {DeployError} naming the first that is not. */
export async function checkTarget(ibmcloud: Ibmcloud): Promise<Target> {
  const plugin = await checkPlugin(ibmcloud);
  const target = parseObject(await ibmcloud.run(TARGET), shown(TARGET));
  const account = target.text('account', 'name');
  if (account === undefined)
    throw new DeployError('Nobody is logged in: ibmcloud login, or ibmcloud login --sso');
  const region = target.text('region', 'name');
  if (region === undefined)
    throw new DeployError('No region is targeted: ibmcloud target -r eu-de, for example');
  const resourceGroup = target.text('resource_group', 'name');
  if (resourceGroup === undefined)
    throw new DeployError('No resource group is targeted: ibmcloud target -g Default, for example');
  const resourceGroupId = target.text('resource_group', 'guid');
  return { account, region, resourceGroup, resourceGroupId, plugin };
}

async function checkPlugin(ibmcloud: Ibmcloud): Promise<string | undefined> {
  const found = parseList(await ibmcloud.run(PLUGINS), shown(PLUGINS)).find(
    ({ name }) => name === 'code-engine',
  );
  if (found === undefined)
    throw new DeployError('The Code Engine plug-in is missing: ibmcloud plugin install code-engine');
  const parts = ['Major', 'Minor', 'Build'].map((part) => found.fields.number('Version', part));
  const version = found.fields.text('Version') ?? (parts.includes(undefined) ? undefined : parts.join('.'));
  if (version !== undefined && isOlder(version))
    throw new DeployError(
      `The Code Engine plug-in is ${version}; expected ${PLUGIN_MIN.join('.')} or newer, which has cron for functions: ibmcloud plugin update code-engine`,
    );
  return version;
}

function isOlder(version: string): boolean {
  const numbers = version.split(/[.+-]/).map(Number);
  const different = PLUGIN_MIN.findIndex((least, index) => numbers[index] !== least);
  return different >= 0 && (numbers[different] ?? 0) < (PLUGIN_MIN[different] ?? 0);
}

/** @throws {DeployError} when the platform does not offer the runtime (any more). */
export async function checkRuntime(ibmcloud: Ibmcloud, runtime: string): Promise<void> {
  const args = ['ce', 'function', 'runtimes'];
  const offered = await ibmcloud.run(args);
  if (!offered.split(/[^\w.-]+/).includes(runtime))
    throw new DeployError(
      `"${shown(args)}" does not list ${runtime}. Choose one that it lists and that this was built for: MQ_OBSERVER_RUNTIME=nodejs-24 or nodejs-22.`,
    );
}
