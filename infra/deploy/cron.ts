import { callsFunction, planCron } from './cron-changes.ts';
import { wantedSubscriptions, type Subscription } from './cron-schedule.ts';
import { readCronSettings } from './cron-settings.ts';
import { DeployError } from './deploy-error.ts';
import { readTimers } from './inventory.ts';
import { readNames, type DeploymentNames } from './names.ts';
import { findProject, refuseDeleted, selectProject } from './project.ts';
import { notOurs, recordedSubscriptions } from './record.ts';
import type { Change } from './run-changes.ts';
import { carryOut, placeText, refuseProblems, type Session } from './session.ts';
import { checkTarget } from './target.ts';

/**
 * Makes the cron subscriptions as `functions/functions.json` and the settings say, or removes all of them.
 * @throws {DeployError} with what is wrong, or with what failed.
 */
export async function cron(session: Session, verb: 'apply' | 'remove'): Promise<void> {
  const { env, functions, ibmcloud } = session;
  const { names, problems } = readNames(env, functions);
  refuseProblems(problems);
  const wanted = verb === 'apply' ? subscriptionsOf(session, names) : [];
  const target = await checkTarget(ibmcloud);
  const where = placeText(target, names.project);
  const project = await findProject(ibmcloud, names.project, target.region);
  if (verb === 'remove' && (project === undefined || project.isDeleted)) {
    session.say(`${where}\n  nothing: there is no such project`);
    return;
  }
  refuseDeleted(project, names.project);
  if (project === undefined)
    throw new DeployError(
      `There is no project ${names.project} in ${target.region}: npm run deploy or infra/terraform makes it, MQ_OBSERVER_PROJECT names another.`,
    );
  await selectProject(ibmcloud, names.project);
  await carryOut(session, where, await cronChanges(session, names, wanted));
}

/** Terraform leaves no record: what is not in one is ours when it has our name and calls our function. */
async function cronChanges(
  { ibmcloud }: Session,
  names: DeploymentNames,
  wanted: readonly Subscription[],
): Promise<readonly Change[]> {
  const { subscriptions: existing, record } = await readTimers(ibmcloud, names);
  const recorded = recordedSubscriptions(record);
  const ours = existing.filter((entry) => {
    const calls = names.subscriptions.get(entry.name);
    return recorded.has(entry.name) || (calls !== undefined && callsFunction(entry, calls));
  });
  const owned = new Set(ours.map(({ name }) => name));
  const taken = existing.filter(({ name }) => !owned.has(name) && wanted.some((one) => one.name === name));
  if (taken.length > 0)
    throw notOurs(
      taken.map(({ name }) => `subscription ${name}`),
      names,
    );
  return planCron(ibmcloud, { existing, wanted, owned });
}

function subscriptionsOf({ env, functions }: Session, names: DeploymentNames): readonly Subscription[] {
  const settings = readCronSettings(env);
  const { subscriptions, problems } = wantedSubscriptions(functions, settings, names);
  refuseProblems([...settings.problems, ...problems]);
  return subscriptions;
}
