import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planCron } from './cron-changes.ts';
import { dashboardChanges, urlOf } from './dashboard-changes.ts';
import { dataChanges } from './data-changes.ts';
import { DeployError } from './deploy-error.ts';
import { readDeployment, type Deployment } from './deployment.ts';
import { functionChanges } from './function-changes.ts';
import { emptyInventory, readInventory, type Inventory } from './inventory.ts';
import type { PrivateFolder } from './private-folder.ts';
import { creationOfProject, projectExists, selectProject } from './project.ts';
import { checkNamesAreFree, createRecord, recordChanges } from './record.ts';
import type { Change } from './run-changes.ts';
import { carryOut, placeText, refuseProblems, type Session } from './session.ts';
import { checkRuntime, checkTarget } from './target.ts';

export interface DeploySession extends Session {
  /** Makes the bundles and gives the folder with `<name>/main.js`. Rejects when that fails. */
  readonly build: () => Promise<string>;
  /** Where values are for as long as the CLI reads them. */
  readonly folder: PrivateFolder;
}

/**
 * Makes everything in the project as the settings say, and nothing before all checks have passed.
 * @throws {DeployError} with what is wrong, or with what failed.
 */
export async function deploy(session: DeploySession): Promise<void> {
  const { deployment, problems, warnings } = readDeployment(session.env, session.functions, session.readText);
  refuseProblems(problems);
  for (const warning of warnings) session.say(`Note: ${warning}`);

  const { ibmcloud } = session;
  const target = await checkTarget(ibmcloud);
  const { names } = deployment;
  const isThere = await projectExists(ibmcloud, names.project, target.region);
  const inventory = isThere ? await inventoryOf(session, deployment) : emptyInventory;
  checkNamesAreFree(deployment, inventory);

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
    ...planCron(ibmcloud, names, { existing: inventory.subscriptions, wanted: subscriptions }),
  ];
}

function checkBundles({ functions }: Deployment, distDir: string): void {
  const missing = functions.filter(({ name }) => !existsSync(join(distDir, name, 'main.js')));
  if (missing.length > 0)
    throw new DeployError(
      `There are no bundles of ${missing.map(({ name }) => name).join(', ')} in ${distDir}: npm run build`,
    );
}

async function sayUrls({ ibmcloud, say }: DeploySession, { names }: Deployment): Promise<void> {
  say(`Deployed.
  register  ${await urlOf(ibmcloud, names.ofFunction('register'))}/register
  dashboard ${await urlOf(ibmcloud, names.ofFunction('actuator'))}/dashboard`);
}
