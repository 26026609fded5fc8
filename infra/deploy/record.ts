import { DeployError } from './deploy-error.ts';
import type { Deployment } from './deployment.ts';
import type { Ibmcloud } from './ibmcloud.ts';
import type { Data, Inventory } from './inventory.ts';
import type { DeploymentNames } from './names.ts';
import type { Change } from './run-changes.ts';

/**
 * What a deployment made is recorded in a config map: a function is ours when its name is in there, and as it should be
 * when its fingerprint is. The CLI does not document what it says about a function, and nothing is overwritten or removed
 * on a guess. A subscription is ours when its name is in there with `.cron` behind it, which no function's name has.
 */
export interface DeploymentRecord {
  /** Notes, before a function is touched, that it is ours and that what it holds is uncertain. */
  readonly begin: (functionName: string) => Promise<void>;
  readonly done: (key: string, value: string) => Promise<void>;
  readonly forget: (functionName: string) => Promise<void>;
}

const PENDING = 'pending';
const CRON = '.cron';

export function createRecord(ibmcloud: Ibmcloud, name: string): DeploymentRecord {
  const update = async (...args: readonly string[]): Promise<void> =>
    void (await ibmcloud.run(['ce', 'configmap', 'update', '--name', name, ...args]));
  return {
    begin: (functionName) => update('--from-literal', `${functionName}=${PENDING}`),
    done: (key, value) => update('--from-literal', `${key}=${value}`),
    forget: (functionName) => update('--rm', functionName),
  };
}

/**
 * The first change of a deployment: from here on, what has our names is ours. All subscriptions are noted that an
 * execution mode may ask for, since `infra/cron.sh` makes some of them later.
 */
export function recordChanges(
  ibmcloud: Ibmcloud,
  { names, functions }: Deployment,
  { record }: Inventory,
): readonly Change[] {
  const timers = [...names.subscriptions.keys()].map((name) => `${name}${CRON}`);
  const keys = [
    ...(record === undefined ? functions.map(({ name }) => names.ofFunction(name)) : []),
    ...timers.filter((key) => record?.has(key) !== true),
  ];
  if (keys.length === 0) return [];
  const verb = record === undefined ? 'create' : 'update';
  const entries = keys.flatMap((key) => ['--from-literal', `${key}=${PENDING}`]);
  return [
    {
      title: `${verb} configmap ${names.record}, which records what is deployed`,
      run: async () =>
        void (await ibmcloud.run(['ce', 'configmap', verb, '--name', names.record, ...entries])),
    },
  ];
}

/** The functions that were recorded and are still there. Other keys have a dot, which no function's name has. */
export function recordedFunctions({ record, functions }: Inventory): readonly string[] {
  return [...(record?.keys() ?? [])].filter((key) => functions.has(key));
}

/** The names of the subscriptions that were recorded, by this version or an earlier one. */
export function recordedSubscriptions(record: Data | undefined): ReadonlySet<string> {
  const keys = [...(record?.keys() ?? [])].filter((key) => key.endsWith(CRON));
  return new Set(keys.map((key) => key.slice(0, -CRON.length)));
}

/** @throws {DeployError} when something has one of our names and is not ours. */
export function checkNamesAreFree({ names, functions }: Deployment, inventory: Inventory): void {
  const { record } = inventory;
  const ours = recordedSubscriptions(record);
  const taken = functions
    .map(({ name }) => names.ofFunction(name))
    .filter((name) => inventory.functions.has(name) && record?.has(name) !== true)
    .map((name) => `function ${name}`);
  if (record === undefined && inventory.secret !== undefined) taken.push(`secret ${names.secret}`);
  if (record === undefined && inventory.settings !== undefined) taken.push(`configmap ${names.configMap}`);
  for (const { name } of inventory.subscriptions)
    if (names.subscriptions.has(name) && !ours.has(name)) taken.push(`subscription ${name}`);
  if (taken.length > 0) throw notOurs(taken, names);
}

/** What to say when things have our names and are not ours. */
export function notOurs(taken: readonly string[], { project }: DeploymentNames): DeployError {
  return new DeployError(
    `Project ${project} has these already, and they were not made by this command: ${taken.join(', ')}. Choose another MQ_OBSERVER_PREFIX or MQ_OBSERVER_PROJECT, or remove them first.`,
  );
}
