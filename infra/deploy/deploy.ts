import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Randomness } from '../../lib/platform/clock.ts';
import { planCron } from './cron-changes.ts';
import { dashboardChanges, urlOf } from './dashboard-changes.ts';
import { dataChanges } from './data-changes.ts';
import { DeployError } from './deploy-error.ts';
import { readDeployment, type Deployment } from './deployment.ts';
import { functionChanges } from './function-changes.ts';
import { emptyInventory, readInventory, type Inventory } from './inventory.ts';
import type { PrivateFolder } from './private-folder.ts';
import { creationOfProject, findProject, refuseDeleted, selectProject } from './project.ts';
import { checkNamesAreFree, createRecord, recordChanges, recordedSubscriptions } from './record.ts';
import type { Change } from './run-changes.ts';
import { carryOut, placeText, refuseProblems, type Session } from './session.ts';
import { SALT, withSalt } from './settings-hash.ts';
import { checkRuntime, checkTarget } from './target.ts';

export interface DeploySession extends Session {
  /** Makes the bundles and gives the folder with `<name>/main.js`. Rejects when that fails. */
  readonly build: () => Promise<string>;
  /** Where values are for as long as the CLI reads them. */
  readonly folder: PrivateFolder;
  readonly uuid: Randomness['uuid'];
  /** False: a secret that is deployed and not set here stops the deployment. */
  readonly removeSecrets: boolean;
}

/**
 * Makes everything in the project as the settings say, and nothing before all checks have passed.
 * @throws {DeployError} with what is wrong, or with what failed.
 */
export async function deploy(session: DeploySession): Promise<void> {
  const read = readDeployment(session.env, session.functions, session.readText);
  const { problems, warnings } = read;
  refuseProblems(problems);
  for (const warning of warnings) session.say(`Note: ${warning}`);

  const { ibmcloud } = session;
  const target = await checkTarget(ibmcloud);
  const { names } = read.deployment;
  const project = await findProject(ibmcloud, names.project, target.region);
  refuseDeleted(project, names.project);
  const isThere = project !== undefined;
  const inventory = isThere ? await inventoryOf(session, read.deployment) : emptyInventory;
  checkNamesAreFree(read.deployment, inventory);
  if (!session.removeSecrets) checkNoSecretIsLost(read.deployment, inventory);
  const deployment = withSalt(read.deployment, inventory.secret, session.uuid);

  const distDir = await session.build();
  checkBundles(deployment, distDir);
  const changes = [
    ...(isThere ? [] : [creationOfProject(ibmcloud, names.project)]),
    ...(await changesInProject({ ...session, distDir }, deployment, inventory)),
  ];
  if (await carryOut(session, placeText(target, names.project), changes)) await sayUrls(session, deployment);
}

/** The CLI says nothing about functions unless a project is selected. */
async function inventoryOf({ ibmcloud }: Session, { names, runtime }: Deployment): Promise<Inventory> {
  await selectProject(ibmcloud, names.project);
  await checkRuntime(ibmcloud, runtime);
  return readInventory(ibmcloud, names);
}

/** In the order in which nothing is called that is not ready: settings, functions, what they know of each other, timers. */
async function changesInProject(
  { ibmcloud, folder, distDir }: DeploySession & { readonly distDir: string },
  deployment: Deployment,
  inventory: Inventory,
): Promise<readonly Change[]> {
  const { names, settings, secrets, subscriptions } = deployment;
  const record = createRecord(ibmcloud, names.record);
  const data = [
    { kind: 'configmap', name: names.configMap, wanted: settings, existing: inventory.settings },
    { kind: 'secret', name: names.secret, wanted: secrets, existing: inventory.secret },
  ] as const;
  return [
    ...recordChanges(ibmcloud, deployment, inventory),
    ...data.flatMap((one) => dataChanges({ ibmcloud, folder }, one)),
    ...functionChanges({ ibmcloud, record, distDir }, deployment, inventory),
    ...(await dashboardChanges({ ibmcloud, record }, deployment, inventory)),
    ...planCron(ibmcloud, {
      existing: inventory.subscriptions,
      wanted: subscriptions,
      // Those of today's names are free or recorded: that has been checked.
      owned: new Set([...names.subscriptions.keys(), ...recordedSubscriptions(inventory.record)]),
    }),
  ];
}

/** What another shell has exported may be missing in this one. */
function checkNoSecretIsLost({ names, secrets }: Deployment, { secret }: Inventory): void {
  const lost = [...(secret?.keys() ?? [])].filter((key) => key !== SALT && !secrets.has(key));
  if (lost.length > 0)
    throw new DeployError(
      `Secret ${names.secret} holds ${lost.join(', ')}, which this shell does not set. Nothing was changed: set them, or take them away knowingly with npm run deploy -- --remove-secrets. What ENCRYPTION_KEYS has encrypted cannot be read without it.`,
    );
}

function checkBundles({ functions }: Deployment, distDir: string): void {
  const missing = functions.filter(({ name }) => !existsSync(join(distDir, name, 'main.js')));
  if (missing.length > 0)
    throw new DeployError(
      `There are no bundles of ${missing.map(({ name }) => name).join(', ')} in ${distDir}: npm run build`,
    );
}

async function sayUrls({ ibmcloud, say }: DeploySession, { names }: Deployment): Promise<void> {
  const register = await urlOf(ibmcloud, names.ofFunction('register'));
  const actuator = await urlOf(ibmcloud, names.ofFunction('actuator'));
  say(`Deployed.
  register  ${register}/register
  dashboard ${actuator}/dashboard
For npx mq-observer:
  export MQ_OBSERVER_URL=${register}
  export MQ_OBSERVER_ACTUATOR_URL=${actuator}`);
}
