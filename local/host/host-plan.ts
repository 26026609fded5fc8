import { resolve } from 'node:path';
import type { Configuration } from '../../lib/platform/configuration/configuration.ts';
import { loadConfiguration } from '../../lib/platform/configuration/load-configuration.ts';
import { isLoopbackHost } from './loopback.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** What the local host is going to do. */
export interface HostPlan {
  /** The configuration as the functions see it. */
  readonly configuration: Configuration;
  /** The whole environment of the functions. */
  readonly functionEnv: Environment;
  /** True when neither tokens nor `ALLOW_ANONYMOUS` are set, and nobody else can reach the address we listen on. */
  readonly isOpenByDefault: boolean;
}

/** One thing that keeps the host from starting: a setting, and what is wrong with it. */
export interface PlanProblem {
  readonly key: string;
  readonly message: string;
}

export type PlanResult =
  | { readonly ok: true; readonly plan: HostPlan }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };

/** Where the plan comes from. */
export interface PlanSources {
  readonly env: Environment;
  /** Gives a file's text and throws where it cannot. */
  readonly readText: (path: string) => string;
  /** The folder that relative paths start from. */
  readonly cwd: string;
}

/** Without this, no target on the same machine could be registered: the first thing that anybody tries. */
const TARGETS_ON_THIS_MACHINE = '127.0.0.0/8,::1';

/** Works out what the functions get to see, and everything that is wrong with it. Never throws. */
export function planHost({ env, readText, cwd }: PlanSources): PlanResult {
  const loaded = loadConfiguration(
    { ALLOW_TARGETS: TARGETS_ON_THIS_MACHINE, ...withoutBlanks(env) },
    readText,
  );
  if (!loaded.ok) return loaded;
  const { configuration } = loaded;
  const problems = problemsOfThisHost(configuration);
  if (problems.length > 0) return { ok: false, problems };

  const isOpenByDefault = isClosed(configuration);
  const functionEnv = {
    ALLOW_TARGETS: TARGETS_ON_THIS_MACHINE,
    ...withoutBlanks(env),
    ...(isOpenByDefault ? { ALLOW_ANONYMOUS: '1' } : {}),
    ...(configuration.store.kind === 'file' ? { DATA_DIR: resolve(cwd, configuration.store.dataDir) } : {}),
  };
  const seen = loadConfiguration(functionEnv, readText);
  return seen.ok
    ? { ok: true, plan: { configuration: seen.configuration, functionEnv, isOpenByDefault } }
    : seen;
}

/** A blank value counts as not given, so it must not hide a default. */
function withoutBlanks(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value.trim() !== ''));
}

/** True when nobody at all would be let in. */
function isClosed({ access }: Configuration): boolean {
  return access.registerTokens.length + access.adminTokens.length === 0 && !access.allowAnonymous;
}

function problemsOfThisHost(configuration: Configuration): readonly PlanProblem[] {
  const { local, store } = configuration;
  const problems: PlanProblem[] = [];
  if (isClosed(configuration) && !isLoopbackHost(local.host))
    problems.push({
      key: 'HOST',
      message: `is ${JSON.stringify(local.host)}, which others can reach, and no tokens are set; set REGISTER_TOKENS and ADMIN_TOKENS, or ALLOW_ANONYMOUS=1 to serve anybody knowingly`,
    });
  if (store.kind === 'memory')
    problems.push({
      key: 'STORE',
      message:
        'is "memory", and every function would have a memory of its own; expected file or cos on the local host',
    });
  return problems;
}
