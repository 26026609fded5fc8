import type { FunctionList } from '../../local/function-list/function-list.ts';
import type { ConfigurationProblem } from '../../lib/platform/configuration/findings.ts';
import type { Environment } from '../../lib/platform/configuration/setting-reader.ts';

/** What everything is called once deployed. */
export interface DeploymentNames {
  readonly project: string;
  /** The generic secret and the config map that all functions read. */
  readonly secret: string;
  readonly configMap: string;
  /** The config map in which a deployment keeps what it made; functions do not see it. */
  readonly record: string;
  readonly ofFunction: (name: string) => string;
  readonly ofSubscription: (functionName: string) => string;
  /** True for the name of a cron subscription that this deployment made, now or in an earlier version. */
  readonly isOurSubscription: (name: string) => boolean;
}

export interface ReadNames {
  readonly names: DeploymentNames;
  readonly problems: readonly ConfigurationProblem[];
}

const OURS = 'mq-observer-';
const FUNCTION_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The names by `MQ_OBSERVER_PROJECT` and `MQ_OBSERVER_PREFIX`, which stands before every name but the project's, so that
 * several deployments share a project. Functions keep the names of `functions/functions.json` otherwise.
 */
export function readNames(env: Environment, functions: FunctionList): ReadNames {
  const project = env['MQ_OBSERVER_PROJECT']?.trim() || 'mq-observer';
  const prefix = env['MQ_OBSERVER_PREFIX']?.trim() ?? '';
  const names: DeploymentNames = {
    project,
    secret: `${prefix}${OURS}secrets`,
    configMap: `${prefix}${OURS}settings`,
    record: `${prefix}${OURS}deployed`,
    ofFunction: (name) => `${prefix}${name}`,
    ofSubscription: (name) => `${prefix}${OURS}${name}`,
    isOurSubscription: (name) => name.startsWith(`${prefix}${OURS}`),
  };
  const problems: ConfigurationProblem[] = [];
  if (!/^[\p{L}\p{N} .:_-]{1,128}$/u.test(project))
    problems.push({
      key: 'MQ_OBSERVER_PROJECT',
      message: `is ${JSON.stringify(project)}; expected 1 to 128 letters, digits, blanks, and . : _ -`,
    });
  const wrong = functions.find(({ name }) => !FUNCTION_NAME.test(names.ofFunction(name)));
  if (wrong !== undefined)
    problems.push({
      key: 'MQ_OBSERVER_PREFIX',
      message: `is ${JSON.stringify(prefix)} and makes the name ${JSON.stringify(names.ofFunction(wrong.name))}; expected lower-case letters, digits and -, beginning with a letter, and at most 63 characters with the longest name`,
    });
  // Else one deployment would take the subscriptions of another for leftovers of its own.
  if (prefix.includes('mq-observer'))
    problems.push({
      key: 'MQ_OBSERVER_PREFIX',
      message: `is ${JSON.stringify(prefix)}; expected one without "mq-observer", which names have anyway`,
    });
  return { names, problems };
}
