import { cronChanges } from './cron-changes.ts';
import { wantedSubscriptions } from './cron-schedule.ts';
import { readCronSettings } from './cron-settings.ts';
import { DeployError } from './deploy-error.ts';
import { readNames } from './names.ts';
import { projectExists, selectProject } from './project.ts';
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
  if (!(await projectExists(ibmcloud, names.project, target.region))) {
    if (verb === 'apply')
      throw new DeployError(
        `There is no project ${names.project} in ${target.region}: npm run deploy or infra/terraform makes it, MQ_OBSERVER_PROJECT names another.`,
      );
    session.say(`${where}\n  nothing: there is no such project`);
    return;
  }
  await selectProject(ibmcloud, names.project);
  await carryOut(session, where, await cronChanges(ibmcloud, names, wanted));
}

function subscriptionsOf(
  { env, functions }: Session,
  names: ReturnType<typeof readNames>['names'],
): ReturnType<typeof wantedSubscriptions>['subscriptions'] {
  const settings = readCronSettings(env);
  const { subscriptions, problems } = wantedSubscriptions(functions, settings, names);
  refuseProblems([...settings.problems, ...problems]);
  return subscriptions;
}
