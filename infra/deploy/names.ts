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
  /** The cron subscriptions that some execution mode asks for, each with the function that it calls. */
  readonly subscriptions: ReadonlyMap<string, string>;
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
  const ofFunction = (name: string): string => `${prefix}${name}`;
  const ofSubscription = (name: string): string => `${prefix}${OURS}${name}`;
  const timed = functions.filter(({ triggers }) => triggers.some(({ kind }) => kind === 'cron'));
  const names: DeploymentNames = {
    project,
    secret: `${prefix}${OURS}secrets`,
    configMap: `${prefix}${OURS}settings`,
    record: `${prefix}${OURS}deployed`,
    ofFunction,
    ofSubscription,
    subscriptions: new Map(timed.map(({ name }) => [ofSubscription(name), ofFunction(name)])),
  };
  const problems: ConfigurationProblem[] = [];
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .:_-]{0,127}$/u.test(project))
    problems.push({
      key: 'MQ_OBSERVER_PROJECT',
      message: `is ${JSON.stringify(project)}; expected 1 to 128 letters, digits, blanks, and . : _ -, beginning with a letter or digit`,
    });
  const wrong = functions.find(({ name }) => !FUNCTION_NAME.test(names.ofFunction(name)));
  if (wrong !== undefined)
    problems.push({
      key: 'MQ_OBSERVER_PREFIX',
      message: `is ${JSON.stringify(prefix)} and makes the name ${JSON.stringify(names.ofFunction(wrong.name))}; expected lower-case letters, digits and -, beginning with a letter, and at most 63 characters with the longest name`,
    });
  // Names that say it twice are read as those of another deployment.
  if (prefix.includes('mq-observer'))
    problems.push({
      key: 'MQ_OBSERVER_PREFIX',
      message: `is ${JSON.stringify(prefix)}; expected one without "mq-observer", which names have anyway`,
    });
  return { names, problems };
}
