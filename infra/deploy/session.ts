import type { Environment } from '../../lib/platform/configuration/setting-reader.ts';
import type { ConfigurationProblem } from '../../lib/platform/configuration/findings.ts';
import type { FunctionList } from '../../local/function-list/function-list.ts';
import { DeployError, StoppedError } from './deploy-error.ts';
import type { Ibmcloud } from './ibmcloud.ts';
import { planText, runChanges, type Change } from './run-changes.ts';
import type { Target } from './target.ts';

/** What every command works with. */
export interface Session {
  readonly env: Environment;
  readonly functions: FunctionList;
  /** Gives a file's text and throws where it cannot, with the system's `code`. */
  readonly readText: (path: string) => string;
  readonly ibmcloud: Ibmcloud;
  readonly say: (line: string) => void;
  /** Asks whoever deploys, and resolves with true for yes. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly dryRun: boolean;
}

/** @throws {DeployError} with all problems, when there are any. */
export function refuseProblems(problems: readonly ConfigurationProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ key, message }) => `  ${key} ${message}`);
  throw new DeployError(
    [
      'These settings are wrong; nothing was changed:',
      ...lines,
      'npx mq-observer config check shows what is in force.',
    ].join('\n'),
  );
}

/** Where things are going to be changed, for people. */
export function placeText({ account, region, resourceGroup }: Target, project: string): string {
  return `Account ${account}, region ${region}, resource group ${resourceGroup}, project ${project}:`;
}

/**
 * Shows the changes, asks, and does them. On a dry run it only shows them.
 * @returns true when everything is now as the plan says.
 * @throws {StoppedError} when the answer was no; {DeployError} when a change failed.
 */
export async function carryOut(
  { say, confirm, dryRun }: Session,
  where: string,
  changes: readonly Change[],
): Promise<boolean> {
  say(`${where}\n${planText(changes)}`);
  if (dryRun && changes.length > 0) say('This was a dry run: nothing was changed.');
  if (dryRun) return false;
  if (changes.length > 0) {
    if (!(await confirm('Do this?'))) throw new StoppedError('Nothing was changed.');
    await runChanges(changes, say);
  }
  return true;
}
