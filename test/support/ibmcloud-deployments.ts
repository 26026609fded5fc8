import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { deploy } from '../../infra/deploy/deploy.ts';
import { createPrivateFolder, type PrivateFolder } from '../../infra/deploy/private-folder.ts';
import { undeploy } from '../../infra/deploy/undeploy.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { inProcessIbmcloud } from './ibmcloud.ts';
import { SETTINGS } from './ibmcloud-settings.ts';
import { aCloud, type CloudState, type ProjectState } from './ibmcloud-state.ts';

/** Deploys to the stand-in, in this process, with bundles that are made anew for each test. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const functions = readFunctionList(ROOT);
const READS =
  /^(plugin list|target|ce project (list|current|select)|ce \w+ (list|get|runtimes)|ce subscription cron list)/;

/** The folder with the bundles. */
export let dir: string;
let folder: PrivateFolder;
/** What was said. */
export let lines: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'deploy-test-'));
  folder = createPrivateFolder();
  lines = [];
  for (const { name } of functions) writeBundle(name, '1');
});
afterEach(() => {
  folder.remove();
  rmSync(dir, { recursive: true, force: true });
});

export function writeBundle(name: string, content: string): void {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, 'package.json'), '{ "main": "main.js" }');
  writeFileSync(join(dir, name, 'main.js'), content);
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly withProject?: boolean;
  readonly removeSecrets?: boolean;
  /** The content of env.json. */
  readonly file?: object;
}

/** What is in the secret besides. */
export const SALT = { MQ_OBSERVER_SALT: 'a-salt' };

function sessionOf(state: CloudState, options: Options) {
  const { env = SETTINGS, yes = true, dryRun = false, removeSecrets = false, file } = options;
  const readText = (path: string): string =>
    path !== './env.json' ? readFileSync(path, 'utf8') : file === undefined ? noFile() : JSON.stringify(file);
  return {
    ...{ env, functions, readText, folder, dryRun, say: (line: string) => void lines.push(line) },
    ...{ ibmcloud: inProcessIbmcloud(state), confirm: async () => yes, build: async () => dir },
    ...{ removeSecrets, uuid: () => SALT.MQ_OBSERVER_SALT },
  };
}

function noFile(): never {
  throw Object.assign(new Error('none'), { code: 'ENOENT' });
}

export const run = (state: CloudState, options: Options = {}): Promise<void> =>
  deploy(sessionOf(state, options));
export const runUndeploy = (state: CloudState, options: Options = {}): Promise<void> =>
  undeploy(sessionOf(state, options), { withProject: options.withProject ?? false });

/** The commands that change something, since the last time it was asked. */
export function changesIn(state: CloudState): readonly string[] {
  const calls = state.calls.splice(0).map((args) => args.join(' '));
  return calls.filter((call) => !READS.test(call));
}

export const projectOf = (state: CloudState): ProjectState | undefined => state.projects['mq-observer'];
export const withoutCalls = (state: CloudState): object => ({
  ...state,
  calls: [],
  failAt: null,
  failsAfterwards: false,
});

export async function deployed(): Promise<CloudState> {
  const state = aCloud();
  await run(state);
  changesIn(state);
  lines.length = 0;
  return state;
}
