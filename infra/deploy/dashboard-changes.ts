import { DeployError } from './deploy-error.ts';
import type { Deployment } from './deployment.ts';
import type { Ibmcloud } from './ibmcloud.ts';
import type { Inventory } from './inventory.ts';
import type { DeploymentRecord } from './record.ts';
import type { Change } from './run-changes.ts';

/** Two public functions that have to know each other's URL. Only the platform gives it, once the other one is there. */
const PAIRS = [
  { told: 'actuator', setting: 'DASHBOARD_REGISTER_URL', of: 'register', given: 'registerUrl' },
  { told: 'register', setting: 'DASHBOARD_ORIGIN', of: 'actuator', given: 'origin' },
] as const;

/** It waits until the function is ready: five minutes at most, by its own default. */
const READY_MS = 360_000;

export interface DashboardDeps {
  readonly ibmcloud: Ibmcloud;
  readonly record: DeploymentRecord;
}

/**
 * What is to be done so that the page of `actuator` finds `register` and is let in there: once, and again only when a URL
 * is another one than was set.
 */
export async function dashboardChanges(
  deps: DashboardDeps,
  { names, dashboard }: Deployment,
  inventory: Inventory,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const { told, setting, of, given } of PAIRS) {
    const [name, other] = [names.ofFunction(told), names.ofFunction(of)];
    const key = `${name}.${setting}`;
    const url = async (): Promise<string> => dashboard[given] ?? (await urlOf(deps.ibmcloud, other));
    const set = inventory.functions.has(name) ? inventory.record?.get(key) : undefined;
    if (set !== undefined && inventory.functions.has(other) && set === (await url())) continue;
    changes.push({
      title: `tell function ${name} the URL of ${other} (${setting})`,
      run: async () => {
        const value = await url();
        const args = ['ce', 'function', 'update', '--name', name, '--env', `${setting}=${value}`];
        await deps.ibmcloud.run(args, { timeoutMs: READY_MS });
        await deps.record.done(key, value);
      },
    });
  }
  return changes;
}

/** A function's public URL, from what the CLI tells people about it. @throws {DeployError} when none is in there. */
export async function urlOf(ibmcloud: Ibmcloud, name: string): Promise<string> {
  const said = await ibmcloud.run(['ce', 'function', 'get', '--name', name]);
  const urls = said.match(/https:\/\/[a-z0-9.-]+\.codeengine\.appdomain\.cloud\b/g) ?? [];
  const url = urls.find((one) => one.startsWith(`https://${name}.`) && !one.includes('.private.'));
  if (url !== undefined) return url;
  throw new DeployError(
    `ibmcloud ce function get --name ${name} shows no public URL. Look whether the function is ready, and run this again.`,
  );
}
