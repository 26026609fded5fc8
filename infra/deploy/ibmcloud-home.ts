import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeOf } from '../../lib/platform/configuration/error-code.ts';
import { DeployError } from './deploy-error.ts';

type Environment = Readonly<Record<string, string>>;

/** Where `IBMCLOUD_HOME` says that the CLI keeps its folder, that folder has this name. */
const FOLDER = '.bluemix';

/**
 * Copies session and plug-ins of the CLI: which project, region and account it points at is in there, and another shell
 * that selects another one in the middle of a deployment must not divert it.
 * @param into an existing folder that only its owner can look into.
 * @returns the environment in which the CLI uses the copy.
 * @throws {DeployError} when there is nothing to copy, or it cannot be read.
 */
export function copyIbmcloudHome(env: Environment, into: string): Environment {
  const { IBMCLOUD_CONFIG_HOME: _, BLUEMIX_HOME: __, ...others } = env;
  const from = folderOf(env);
  try {
    copyFolder(from, join(into, FOLDER));
  } catch (error) {
    throw new DeployError(
      `The folder of the IBM Cloud CLI, ${from}, cannot be copied (${codeOf(error) ?? 'no code'}): ibmcloud login makes it, IBMCLOUD_HOME names another place.`,
      { cause: error },
    );
  }
  return { ...others, IBMCLOUD_HOME: into };
}

/** The places and their order are the CLI's own. */
function folderOf(env: Environment): string {
  if (env['IBMCLOUD_CONFIG_HOME']) return resolve(env['IBMCLOUD_CONFIG_HOME']);
  const home = resolve(env['IBMCLOUD_HOME'] || env['BLUEMIX_HOME'] || env['HOME'] || '.');
  const newer = join(home, '.ibmcloud');
  return existsSync(newer) ? newer : join(home, FOLDER);
}

function copyFolder(from: string, to: string): void {
  const names = readdirSync(from);
  mkdirSync(to, { mode: 0o700 });
  for (const name of names) {
    const [source, target] = [join(from, name), join(to, name)];
    // Another CLI may just have removed a temporary file.
    const found = statSync(source, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) copyFolder(source, target);
    // Plug-ins are large, and nobody writes to them.
    else if (found?.isFile() === true && (found.mode & 0o111) !== 0) symlinkSync(source, target);
    else if (found?.isFile() === true) copyFileSync(source, target);
  }
}
