import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { DeployError } from '../../infra/deploy/deploy-error.ts';
import type { Ibmcloud } from '../../infra/deploy/ibmcloud.ts';
import { answer } from './ibmcloud-stand-in.ts';
import type { CloudState } from './ibmcloud-state.ts';

/** The stand-in without a process: for tests that make hundreds of calls. */
export function inProcessIbmcloud(state: CloudState): Ibmcloud {
  return {
    run: async (args) => {
      const { code, stdout } = answer(args, state);
      if (code !== 0) throw new DeployError(`ended with code ${code}\n${stdout}`);
      return stdout;
    },
  };
}

/** The stand-in as an executable `ibmcloud`. */
export interface InstalledIbmcloud {
  /** PATH and what else it needs. */
  readonly env: { readonly PATH: string; readonly HOME: string; readonly IBMCLOUD_STAND_IN: string };
  readonly state: () => CloudState;
  /** The project that is selected in the user's own shell. */
  readonly selected: () => string | null;
}

/** Makes the executable in a folder. */
export async function installIbmcloud(folder: string, state: CloudState): Promise<InstalledIbmcloud> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const home = join(folder, 'home');
  const plugin = join(home, '.bluemix/plugins/code-engine');
  mkdirSync(plugin, { recursive: true });
  const selection = join(plugin, 'config.json');
  writeFileSync(selection, JSON.stringify({ selected: state.selected }));
  const file = join(folder, 'cloud.json');
  writeFileSync(file, JSON.stringify(state));
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('ibmcloud-cli.ts', import.meta.url))],
    ...{ bundle: true, platform: 'node', format: 'cjs', write: false, logLevel: 'silent' },
    banner: { js: `#!${process.execPath}` },
  });
  writeFileSync(join(bin, 'ibmcloud'), outputFiles[0]?.text ?? '');
  chmodSync(join(bin, 'ibmcloud'), 0o755);
  return {
    env: {
      PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      IBMCLOUD_STAND_IN: file,
    },
    state: () => JSON.parse(readFileSync(file, 'utf8')) as CloudState,
    selected: () => (JSON.parse(readFileSync(selection, 'utf8')) as CloudState).selected,
  };
}
