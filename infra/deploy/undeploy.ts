import { planCron } from './cron-changes.ts';
import { removalOfData } from './data-changes.ts';
import { removalOfFunction } from './function-changes.ts';
import { readInventory } from './inventory.ts';
import { readNames } from './names.ts';
import { deletionOfProject, projectExists, selectProject } from './project.ts';
import { createRecord, recordedFunctions } from './record.ts';
import type { Change } from './run-changes.ts';
import { carryOut, placeText, refuseProblems, type Session } from './session.ts';
import { checkTarget } from './target.ts';

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
  if (!(await projectExists(ibmcloud, names.project, target.region))) {
    session.say(`${where}\n  nothing: there is no such project`);
    return;
  }
  await selectProject(ibmcloud, names.project);
  const changes = withProject ? [deletionOfProject(ibmcloud, names.project)] : await removals(session, names);
  if (await carryOut(session, where, changes)) session.say('Removed. What is stored in the bucket stays.');
}

async function removals(
  { ibmcloud }: Session,
  names: ReturnType<typeof readNames>['names'],
): Promise<readonly Change[]> {
  const inventory = await readInventory(ibmcloud, names);
  // Without a record nothing here is ours, whatever its name is: Terraform may have made it.
  if (inventory.record === undefined) return [];
  const record = createRecord(ibmcloud, names.record);
  return [
    ...planCron(ibmcloud, names, { existing: inventory.subscriptions, wanted: [] }),
    ...recordedFunctions(inventory).map((name) => removalOfFunction({ ibmcloud, record }, name)),
    ...(inventory.secret === undefined ? [] : [removalOfData(ibmcloud, 'secret', names.secret)]),
    ...(inventory.settings === undefined ? [] : [removalOfData(ibmcloud, 'configmap', names.configMap)]),
    removalOfData(ibmcloud, 'configmap', names.record),
  ];
}
