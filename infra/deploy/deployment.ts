import { loadConfiguration } from '../../lib/platform/configuration/load-configuration.ts';
import type { ConfigurationProblem } from '../../lib/platform/configuration/findings.ts';
import type { Environment } from '../../lib/platform/configuration/setting-reader.ts';
import type { FunctionList } from '../../local/function-list/function-list.ts';
import { wantedSubscriptions, type Subscription } from './cron-schedule.ts';
import { deployedVariables } from './deployed-variables.ts';
import { readNames, type DeploymentNames } from './names.ts';

/** Everything as it should be once deployed. */
export interface Deployment {
  readonly names: DeploymentNames;
  readonly functions: FunctionList;
  readonly runtime: string;
  /** What all functions read: the values of `settings` may be seen, those of `secrets` not. */
  readonly settings: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  /** Where the page and the API find each other, where whoever deploys says so: behind a domain of their own. */
  readonly dashboard: { readonly registerUrl: string | undefined; readonly origin: string | undefined };
  readonly subscriptions: readonly Subscription[];
  /** True: functions sign in by a trusted profile. */
  readonly trustedProfiles: boolean;
}

export interface ReadDeployment {
  readonly deployment: Deployment;
  readonly problems: readonly ConfigurationProblem[];
  readonly warnings: readonly string[];
}

const RUNTIMES = ['nodejs-24', 'nodejs-22'];
const DASHBOARD: ReadonlySet<string> = new Set(['DASHBOARD_REGISTER_URL', 'DASHBOARD_ORIGIN']);
const NO_REGISTER_TOKENS =
  'REGISTER_TOKENS is not set: whoever registers needs a token of ADMIN_TOKENS, which permits everything, unless ALLOW_ANONYMOUS lets everybody in.';
/** The platform sets these; here they only stop remarks that a deployed function would not make. */
const SET_BY_PLATFORM = { CE_PROJECT_ID: 'project', CE_REGION: 'us-south' };

/**
 * Reads what is to be deployed from the environment and `env.json`, and looks at it with the eyes of the functions.
 * @param readText gives a file's text and throws where it cannot, with the system's `code`.
 */
export function readDeployment(
  env: Environment,
  functions: FunctionList,
  readText: (path: string) => string,
): ReadDeployment {
  const { names, problems: wrongNames } = readNames(env, functions);
  const runtime = env['MQ_OBSERVER_RUNTIME']?.trim() || 'nodejs-24';
  const { plain, secret, problems: notDeployable } = deployedVariables(env, readText);
  const loaded = loadConfiguration({ ...SET_BY_PLATFORM, ...env }, readText);
  const wanted = loaded.ok ? wantedSubscriptions(functions, loaded.configuration, names) : undefined;
  const problems = [
    ...wrongNames,
    ...notDeployable,
    ...(loaded.ok ? [] : loaded.problems),
    ...(wanted?.problems ?? []),
  ];
  if (!RUNTIMES.includes(runtime))
    problems.push({
      key: 'MQ_OBSERVER_RUNTIME',
      message: `is ${JSON.stringify(runtime)}; expected ${RUNTIMES.join(' or ')}`,
    });
  if (loaded.ok && loaded.configuration.store.kind !== 'cos')
    problems.push({
      key: 'STORE',
      message: `makes it ${loaded.configuration.store.kind}, which ends with each instance of a function; expected a bucket: bucket, endpoints and credentials`,
    });
  if (loaded.ok && !secret.has('ADMIN_TOKENS') && !loaded.configuration.access.allowAnonymous)
    problems.push({
      key: 'ADMIN_TOKENS',
      message:
        'is not set; expected tokens, for register and actuator are public, or ALLOW_ANONYMOUS=1 for what anybody may call',
    });
  if (problems.length === 0) problems.push(...problemsOnceDeployed(plain, secret));
  return {
    deployment: {
      names,
      functions,
      runtime,
      settings: new Map([...plain].filter(([name]) => !DASHBOARD.has(name))),
      secrets: secret,
      dashboard: { registerUrl: plain.get('DASHBOARD_REGISTER_URL'), origin: plain.get('DASHBOARD_ORIGIN') },
      subscriptions: wanted?.subscriptions ?? [],
      trustedProfiles: ['COS_TRUSTED_PROFILE', 'CE_TRUSTED_PROFILE'].some((name) => plain.has(name)),
    },
    problems,
    warnings: [
      ...(loaded.ok ? loaded.configuration.warnings : []),
      ...(secret.has('REGISTER_TOKENS') ? [] : [NO_REGISTER_TOKENS]),
    ],
  };
}

/** A function has its variables, and no files. */
function problemsOnceDeployed(
  plain: ReadonlyMap<string, string>,
  secret: ReadonlyMap<string, string>,
): readonly ConfigurationProblem[] {
  const loaded = loadConfiguration(
    { ...SET_BY_PLATFORM, ...Object.fromEntries([...plain, ...secret]) },
    () => {
      throw Object.assign(new Error('a function has no files'), { code: 'ENOENT' });
    },
  );
  return loaded.ok ? [] : loaded.problems;
}
