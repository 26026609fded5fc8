import { stop as stopCompiler } from 'esbuild';
import { buildFunctions } from '../../scripts/build.ts';
import { compileRunner } from '../instances/runner-source.ts';
import type { Bundles } from './bundles.ts';

/**
 * Builds what the local host runs from its sources. Where they are built already, `prebuilt-bundles.ts` stands in the
 * place of this module.
 * @throws when a source has a fault; the message says where.
 */
export async function prepareBundles(): Promise<Bundles> {
  const { functions, distDir } = await buildFunctions();
  const runnerSource = await compileRunner();
  // The compiler's own process has nothing more to do.
  await stopCompiler();
  return { functions, distDir, runnerSource };
}
