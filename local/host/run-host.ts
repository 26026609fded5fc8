import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createHttpClient } from '../../lib/platform/http-client.ts';
import { describeError, type Logger } from '../../lib/platform/logging.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import type { HostConsole } from '../console/console.ts';
import { claimDemoFolder } from '../demo/demo-folder.ts';
import { demoEnvironment } from '../demo/demo-settings.ts';
import { startDemo, type Demo } from '../demo/demo.ts';
import { instructions } from '../demo/instructions.ts';
import { registerSample } from '../demo/register-sample.ts';
import { withEncryptionKey } from './encryption-key.ts';
import { withFanOut } from './fan-out.ts';
import { planHost, type Environment, type HostPlan } from './host-plan.ts';
import { startLocalHost, type LocalHost } from './local-host.ts';
import { planStart } from './plan-start.ts';
import { prepareBundles } from './prepare-bundles.ts';

export interface RunDeps {
  readonly env: Environment;
  readonly cwd: string;
  readonly hostConsole: HostConsole;
  /** Resolves when the host is to stop. */
  readonly stopRequested: Promise<string>;
}

/**
 * Runs the local host until it is asked to stop: plan, demo where there is nothing to observe, build, serve.
 * Resolves with the exit code: 0 after a stop, 1 when the configuration is wrong.
 * @throws when it cannot start for another reason; what was started is stopped then.
 */
export async function runHost(deps: RunDeps): Promise<number> {
  const readText = (path: string): string => readFileSync(resolve(deps.cwd, path), 'utf8');
  const asGiven = planStart({ env: deps.env, readText, cwd: deps.cwd });
  if (!asGiven.ok) return reportProblems(deps.hostConsole, asGiven.problems);
  if (asGiven.plan.configuration.queueManagers.length > 0) {
    logRemarks(deps.hostConsole, [asGiven.plan]);
    return serve(deps, asGiven.plan, undefined);
  }

  const demo = await startDemo({ clock: systemClock, say: deps.hostConsole.emphasise });
  try {
    const env = demoEnvironment(deps.env, demo.mq);
    const simulated = planHost({ env, readText, cwd: deps.cwd });
    if (!simulated.ok) return reportProblems(deps.hostConsole, simulated.problems);
    const taken = await claimDemoFolder(simulated.plan.configuration.store.dataDir);
    if (taken !== undefined) return reportProblems(deps.hostConsole, [taken]);
    logRemarks(deps.hostConsole, [asGiven.plan, simulated.plan]);
    return await serve(deps, simulated.plan, demo);
  } finally {
    await demo.stop();
  }
}

/** What is remarkable about configurations, each remark once. The functions would all make the same ones. */
function logRemarks(hostConsole: HostConsole, plans: readonly HostPlan[]): void {
  const [logLevel = 'info'] = plans.map(({ configuration }) => configuration.logLevel);
  const log = hostConsole.logger(logLevel);
  for (const warning of new Set(plans.flatMap(({ configuration }) => configuration.warnings)))
    log.warn('configuration remark', { warning });
}

async function serve(deps: RunDeps, plan: HostPlan, demo: Demo | undefined): Promise<number> {
  const log = deps.hostConsole.logger(plan.configuration.logLevel);
  const planWithKey = withFanOut(await withEncryptionKey(plan));
  const host = await startLocalHost({
    plan: planWithKey,
    bundles: await prepareBundles(),
    log,
    onLine: deps.hostConsole.line,
    clock: systemClock,
    randomness: systemRandomness,
  });
  try {
    await announce(deps, plan, demo, host, log);
    log.info('stopping', { because: await deps.stopRequested });
  } finally {
    await host.stop();
  }
  log.info('stopped');
  return 0;
}

async function announce(
  deps: RunDeps,
  plan: HostPlan,
  demo: Demo | undefined,
  host: LocalHost,
  log: Logger,
): Promise<void> {
  const { queueManagers, store, cycles, access } = plan.configuration;
  const called = host.scheduled.map(({ name, trigger }) => [name, cycles[trigger.cycle]]);
  log.info('ready', {
    url: host.url,
    queueManagers: queueManagers.map(({ qmgr, baseUrls }) => `${qmgr} at ${baseUrls.join(', ')}`),
    store: store.kind === 'file' ? store.dataDir : store.kind,
    schedules: Object.fromEntries(called),
  });
  if (demo === undefined) return;
  const token = [...access.adminTokens, ...access.registerTokens][0];
  const { targetUrl, controlUrl } = demo;
  deps.hostConsole.say(
    instructions({
      url: host.url,
      targetUrl,
      controlUrl,
      dataDir: store.dataDir,
      needsToken: token !== undefined,
    }),
  );
  await tryToRegisterSample({ url: host.url, targetUrl, token: token?.reveal() }, log);
}

async function tryToRegisterSample(
  given: { readonly url: string; readonly targetUrl: string; readonly token: string | undefined },
  log: Logger,
): Promise<void> {
  const client = createHttpClient();
  try {
    const refusal = await registerSample(client, given);
    if (refusal !== undefined) log.warn('the sample application was not registered', { answer: refusal });
  } catch (error) {
    log.warn('the sample application was not registered', { cause: describeError(error) });
  } finally {
    client.close();
  }
}

function reportProblems(
  hostConsole: HostConsole,
  problems: readonly { readonly key: string; readonly message: string }[],
): number {
  hostConsole.say('The configuration is not valid; nothing was started:');
  for (const { key, message } of problems) hostConsole.say(`  ${key} ${message}`);
  return 1;
}
