import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionEntry } from '../../local/function-list/function-list.ts';
import type { Deployment } from './deployment.ts';
import type { Ibmcloud } from './ibmcloud.ts';
import type { Inventory } from './inventory.ts';
import { recordedFunctions, type DeploymentRecord } from './record.ts';
import type { Change } from './run-changes.ts';
import { SETTINGS_HASH, settingsHash } from './settings-hash.ts';

const FUNCTION = ['ce', 'function'];
/** It builds (ten minutes at most, by its own default) and waits until the function is ready (five). */
const SLOW_MS = 1_200_000;

export interface FunctionDeps {
  readonly ibmcloud: Ibmcloud;
  readonly record: DeploymentRecord;
  /** The folder with `<name>/main.js`. */
  readonly distDir: string;
}

/** What is to be done so that every function holds its bundle, has its size and knows its settings. Functions that are gone from the list go. */
export function functionChanges(
  deps: FunctionDeps,
  deployment: Deployment,
  inventory: Inventory,
): readonly Change[] {
  const wanted = new Set(deployment.functions.map((entry) => deployment.names.ofFunction(entry.name)));
  const stale = recordedFunctions(inventory).filter((name) => !wanted.has(name));
  return [
    ...deployment.functions.flatMap((entry) => changesOf(deps, deployment, { entry, inventory })),
    ...stale.map((name) => removalOfFunction(deps, name)),
  ];
}

export function removalOfFunction(
  { ibmcloud, record }: Pick<FunctionDeps, 'ibmcloud' | 'record'>,
  name: string,
): Change {
  return {
    title: `remove function ${name}`,
    run: async () => {
      await ibmcloud.run([...FUNCTION, 'delete', '--name', name, '--force', '--ignore-not-found']);
      await record.forget(name);
    },
  };
}

function changesOf(
  { ibmcloud, record, distDir }: FunctionDeps,
  deployment: Deployment,
  { entry, inventory }: { readonly entry: FunctionEntry; readonly inventory: Inventory },
): readonly Change[] {
  const name = deployment.names.ofFunction(entry.name);
  const folder = join(distDir, entry.name);
  const args = functionArguments(entry, deployment);
  const [code, settings] = [hashOfCode(folder, args), settingsHash(deployment)];
  const fingerprint = `${code}.${settings}`;
  const exists = inventory.functions.has(name);
  const recorded = exists ? inventory.record?.get(name) : undefined;
  if (recorded === fingerprint) return [];
  const isBuilt = recorded?.split('.')[0] === code;
  const verb = exists ? 'update' : 'create';
  const run = async (): Promise<void> => {
    await record.begin(name);
    const built = isBuilt ? [] : ['--build-source', folder, ...args];
    await ibmcloud.run(
      [...FUNCTION, verb, '--name', name, ...built, '--env', `${SETTINGS_HASH}=${settings}`],
      { timeoutMs: SLOW_MS },
    );
    await record.done(name, fingerprint);
  };
  const { cpu, memory, visibility } = entry;
  const what = isBuilt ? 'changed settings' : `${cpu} vCPU, ${memory}, ${visibility}, ${deployment.runtime}`;
  return [{ title: `${verb} function ${name}: ${what}`, run }];
}

function functionArguments(
  { cpu, memory, maxExecutionSeconds, scaleDownDelaySeconds, visibility }: FunctionEntry,
  { names, runtime, trustedProfiles }: Deployment,
): readonly string[] {
  return [
    ...['--runtime', runtime, '--cpu', cpu, '--memory', memory],
    ...['--maxexecutiontime', String(maxExecutionSeconds)],
    ...['--scale-down-delay', String(scaleDownDelaySeconds), '--visibility', visibility],
    ...['--env-from-configmap', names.configMap, '--env-from-secret', names.secret],
    `--trusted-profiles-enabled=${trustedProfiles}`,
  ];
}

function hashOfCode(folder: string, args: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(args));
  for (const file of ['package.json', 'main.js']) hash.update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}
