import { planCron } from './cron-changes.ts';
import { removalOfData } from './data-changes.ts';
import { DeployError } from './deploy-error.ts';
import { removalOfFunction } from './function-changes.ts';
import { readInventory, type Inventory } from './inventory.ts';
import { readNames, type DeploymentNames } from './names.ts';
import { deletionOfProject, findProject, refuseDeleted, selectProject, type Project } from './project.ts';
import { createRecord, recordedFunctions, recordedSubscriptions } from './record.ts';
import type { Change } from './run-changes.ts';
import { carryOut, placeText, refuseProblems, type Session } from './session.ts';
import { checkTarget, type Target } from './target.ts';

/**
 * Removes what `deploy` made, the record last, and nothing else: neither the bucket nor, unless asked to, the project.
 * @throws {DeployError} with what is wrong, or with what failed.
 */
export async function undeploy(
  session: Session,
  { withProject }: { readonly withProject: boolean },
): Promise<void> {
  const { names, problems } = readNames(session.env, session.functions);
  refuseProblems(problems);
  const { ibmcloud } = session;
  const target = await checkTarget(ibmcloud);
  const where = placeText(target, names.project);
  const project = await findProject(ibmcloud, names.project, target.region);
  refuseDeleted(project, names.project);
  if (project === undefined) {
    session.say(`${where}\n  nothing: there is no such project`);
    return;
  }
  await selectProject(ibmcloud, names.project);
  const inventory = await readInventory(ibmcloud, names);
  if (withProject) checkProjectIsOurs(names, inventory, { project, target });
  const changes = withProject
    ? [deletionOfProject(ibmcloud, names.project)]
    : removals(session, names, inventory);
  if (await carryOut(session, where, changes)) session.say('Removed. What is stored in the bucket stays.');
}

/** Everything in it goes, whoever made it: so it has to be the one that was meant. */
function checkProjectIsOurs(
  { project: name, record }: DeploymentNames,
  inventory: Inventory,
  { project, target }: { readonly project: Project; readonly target: Target },
): void {
  const group = project.resourceGroupId;
  if (group !== undefined && target.resourceGroupId !== undefined && group !== target.resourceGroupId)
    throw new DeployError(
      `Project ${name} is in another resource group than ${target.resourceGroup}, and is not deleted: ibmcloud target -g with its own, if it is the one.`,
    );
  if (inventory.record === undefined)
    throw new DeployError(
      `Project ${name} has no configmap ${record}: this command deployed nothing there, and does not delete it. If it is to go: ibmcloud ce project delete --name ${JSON.stringify(name)}`,
    );
}

function removals({ ibmcloud }: Session, names: DeploymentNames, inventory: Inventory): readonly Change[] {
  // Without a record nothing here is ours, whatever its name is: Terraform may have made it.
  if (inventory.record === undefined) return [];
  const record = createRecord(ibmcloud, names.record);
  const owned = recordedSubscriptions(inventory.record);
  return [
    ...planCron(ibmcloud, { existing: inventory.subscriptions, wanted: [], owned }),
    ...recordedFunctions(inventory).map((name) => removalOfFunction({ ibmcloud, record }, name)),
    ...(inventory.secret === undefined ? [] : [removalOfData(ibmcloud, 'secret', names.secret)]),
    ...(inventory.settings === undefined ? [] : [removalOfData(ibmcloud, 'configmap', names.configMap)]),
    removalOfData(ibmcloud, 'configmap', names.record),
  ];
}
