import { parseArgs } from 'node:util';
import { DeployError } from './deploy-error.ts';

/** What was asked for. */
export interface Command {
  readonly verb: 'deploy' | 'undeploy' | 'cron-apply' | 'cron-remove';
  readonly dryRun: boolean;
  /** Nobody is asked. */
  readonly yes: boolean;
  /** With `undeploy`: the project goes, too. */
  readonly project: boolean;
  /** With `deploy`: secrets that are deployed and not set here go. */
  readonly removeSecrets: boolean;
}

const USAGE = `Usage:
  npm run deploy                        checks, shows what it will do, asks, and does it
  npm run undeploy                      the same for removing what deploy made
  infra/cron.sh apply | remove          the cron subscriptions alone; does not ask
Options, behind --:
  --dry-run         only show what would be done
  --yes             do not ask
  --project         with undeploy: delete the project with all that is in it
  --remove-secrets  with deploy: remove secrets that are deployed and not set here
Settings: docs/deploying.md`;

const VERBS = ['deploy', 'undeploy', 'cron-apply', 'cron-remove'] as const;

/** @throws {DeployError} with the usage, for anything that is not in it. */
export function parseCommand(args: readonly string[]): Command {
  const { positionals, values } = parsed(args);
  const verb = VERBS.find((name) => name === positionals.join('-'));
  if (verb === undefined) throw new DeployError(USAGE);
  const { 'dry-run': dryRun = false, yes = false, project = false } = values;
  const { 'remove-secrets': removeSecrets = false } = values;
  if (project && verb !== 'undeploy') throw new DeployError(`--project goes with undeploy only.\n${USAGE}`);
  if (removeSecrets && verb !== 'deploy')
    throw new DeployError(`--remove-secrets goes with deploy only.\n${USAGE}`);
  return { verb, dryRun, project, removeSecrets, yes: yes || verb.startsWith('cron') };
}

function parsed(args: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'dry-run': flag, yes: flag, project: flag, 'remove-secrets': flag },
    });
  } catch (error) {
    throw new DeployError(`${error instanceof Error ? error.message : 'This is no option.'}\n${USAGE}`);
  }
}
