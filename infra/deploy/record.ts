import { DeployError } from './deploy-error.ts';
import type { Deployment } from './deployment.ts';
import type { Ibmcloud } from './ibmcloud.ts';
import type { Inventory } from './inventory.ts';
import type { DeploymentNames } from './names.ts';
import type { Change } from './run-changes.ts';

/**
 * What a deployment made is recorded in a config map: a function is ours when its name is in there, and as it should be
 * when its fingerprint is. The CLI does not document what it says about a function, and nothing is overwritten or removed
 * on a guess.
 */
export interface DeploymentRecord {
  /** Notes, before a function is touched, that it is ours and that what it holds is uncertain. */
  readonly begin: (functionName: string) => Promise<void>;
  readonly done: (key: string, value: string) => Promise<void>;
  readonly forget: (functionName: string) => Promise<void>;
}

const PENDING = 'pending';

export function createRecord(ibmcloud: Ibmcloud, name: string): DeploymentRecord {
  const update = async (...args: readonly string[]): Promise<void> =>
    void (await ibmcloud.run(['ce', 'configmap', 'update', '--name', name, ...args]));
  return {
    begin: (functionName) => update('--from-literal', `${functionName}=${PENDING}`),
    done: (key, value) => update('--from-literal', `${key}=${value}`),
    forget: (functionName) => update('--rm', functionName),
  };
}

/** The first change of a first deployment: from here on, what has our names is ours. */
export function recordChanges(
  ibmcloud: Ibmcloud,
  { names, functions }: Deployment,
  { record }: Inventory,
): readonly Change[] {
  if (record !== undefined) return [];
  const entries = functions.flatMap(({ name }) => ['--from-literal', `${names.ofFunction(name)}=${PENDING}`]);
  return [
    {
      title: `create configmap ${names.record}, which records what is deployed`,
      run: async () =>
        void (await ibmcloud.run(['ce', 'configmap', 'create', '--name', names.record, ...entries])),
    },
  ];
}

/** The functions that were recorded and are still there. Other keys have a dot, which no function's name has. */
export function recordedFunctions({ record, functions }: Inventory): readonly string[] {
  return [...(record?.keys() ?? [])].filter((key) => functions.has(key));
}

/** @throws {DeployError} when something has one of our names and is not ours. */
export function checkNamesAreFree({ names, functions }: Deployment, inventory: Inventory): void {
  const { record } = inventory;
  const taken = functions
    .map(({ name }) => names.ofFunction(name))
    .filter((name) => inventory.functions.has(name) && record?.has(name) !== true)
    .map((name) => `function ${name}`);
  if (record === undefined && inventory.secret !== undefined) taken.push(`secret ${names.secret}`);
  if (record === undefined && inventory.settings !== undefined) taken.push(`configmap ${names.configMap}`);
  if (taken.length > 0) throw notOurs(taken, names);
}

function notOurs(taken: readonly string[], { project }: DeploymentNames): DeployError {
  return new DeployError(
    `Project ${project} has these already, and they were not made by this command: ${taken.join(', ')}. Choose another MQ_OBSERVER_PREFIX or MQ_OBSERVER_PROJECT, or remove them first.`,
  );
}
