import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process, { argv, env, stderr, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { settings } from '../../lib/platform/configuration/settings.ts';
import { slotSettings } from '../../lib/platform/configuration/slot-texts.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { parseCommand, type Command } from './command-line.ts';
import { cron } from './cron.ts';
import { deploy } from './deploy.ts';
import { DeployError, StoppedError } from './deploy-error.ts';
import { createIbmcloud } from './ibmcloud.ts';
import { copyIbmcloudHome } from './ibmcloud-home.ts';
import { createPrivateFolder, type PrivateFolder } from './private-folder.ts';
import type { Session } from './session.ts';
import { undeploy } from './undeploy.ts';

/** `npm run deploy`, `npm run undeploy` and `infra/cron.sh`: see docs/deploying.md. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function main(): Promise<void> {
  const command = parseCommand(argv.slice(2));
  if (!command.yes && !command.dryRun && !stdin.isTTY)
    throw new DeployError(
      'There is nobody to ask: use --yes, or --dry-run to see only. Nothing was changed.',
    );
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const folder = createPrivateFolder();
  // Also when something ends the process that nobody foresaw.
  process.once('exit', folder.remove);
  try {
    await run(command, sessionOf(command, folder, stopping.signal), folder);
  } finally {
    folder.remove();
  }
}

function sessionOf({ yes, dryRun }: Command, folder: PrivateFolder, signal: AbortSignal): Session {
  return {
    env,
    functions: readFunctionList(ROOT),
    readText: (path) => readFileSync(path, 'utf8'),
    ibmcloud: createIbmcloud({ env: copyIbmcloudHome(withoutSettings(), folder.path), signal }),
    say: (line) => void stdout.write(`${line}\n`),
    confirm: (question) => (yes ? Promise.resolve(true) : ask(question, signal)),
    dryRun,
  };
}

async function run(
  { verb, project, removeSecrets }: Command,
  session: Session,
  folder: PrivateFolder,
): Promise<void> {
  if (verb === 'undeploy') return undeploy(session, { withProject: project });
  if (verb === 'cron-apply') return cron(session, 'apply');
  if (verb === 'cron-remove') return cron(session, 'remove');
  return deploy({ ...session, folder, build, removeSecrets, uuid: randomUUID });
}

/** The bundler is loaded when it is needed: timers alone take none. */
async function build(): Promise<string> {
  const { buildFunctions } = await import('../../scripts/build.ts');
  return (await buildFunctions()).distDir;
}

/** What the CLI needs, and no password of a queue manager. */
function withoutSettings(): Readonly<Record<string, string>> {
  const single = new Set(settings.flatMap(({ name, env: names = [name] }) => names));
  const slots = new RegExp(`^(${slotSettings.map(({ key }) => key).join('|')})\\d*$`);
  const kept = Object.entries(env).filter(
    ([name]) => !single.has(name) && !slots.test(name) && !name.startsWith('MQ_OBSERVER_'),
  );
  return Object.fromEntries(kept.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof DeployError || error instanceof StoppedError)) throw error;
  stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
