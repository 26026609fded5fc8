import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseFunctionList } from '../function-list/parse-function-list.ts';
import type { Bundles } from './bundles.ts';

/**
 * Finds what the local host runs beside itself, as `npm run build` leaves it: stands in the place of
 * `prepare-bundles.ts` in the bundled local host, which carries no compiler.
 * @throws when a file of the build is missing.
 */
export async function prepareBundles(): Promise<Bundles> {
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
  return {
    functions: parseFunctionList(read('functions.json')),
    distDir: fileURLToPath(new URL('..', import.meta.url)),
    runnerSource: read('function-runner.js'),
  };
}
