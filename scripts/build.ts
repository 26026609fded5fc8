import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionList } from '../local/function-list/function-list.ts';
import { readFunctionList } from '../local/function-list/read-function-list.ts';
import { bundleFunctions, type Bundle } from './bundle-functions.ts';
import { bundleLocalHost } from './bundle-local-host.ts';
import { generateDashboard } from './generate-dashboard.ts';
import { generateValidators } from './generate-validators.ts';
import { overBudget, sizeTable } from './size-table.ts';

/** What was built, and where it is. */
export interface Build {
  readonly functions: FunctionList;
  /** The folder with `<name>/main.js`. */
  readonly distDir: string;
  readonly bundles: readonly Bundle[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Compiles the validators, makes the dashboard's page and bundles every function of `functions/functions.json` into `dist`.
 * @throws when the list or a source has a fault; the message says where.
 */
export async function buildFunctions(): Promise<Build> {
  const functions = readFunctionList(ROOT);
  const distDir = join(ROOT, 'dist');
  generateValidators();
  await generateDashboard();
  return { functions, distDir, bundles: await bundleFunctions({ root: ROOT, outDir: distDir, functions }) };
}

async function buildAndReport(): Promise<void> {
  try {
    const { bundles, distDir } = await buildFunctions();
    await bundleLocalHost({ root: ROOT, outDir: distDir });
    console.log(sizeTable(bundles));
    if (overBudget(bundles).length > 0)
      throw new Error(
        'A bundle is larger than functions/functions.json allows: import less, or raise bundleKilobytesMax knowingly.',
      );
  } catch (error) {
    // Faults in the sources are the usual case, and their place is in the message: a stack would only hide it.
    console.log(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAndReport();
