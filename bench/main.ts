import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildFunctions } from '../scripts/build.ts';
import { trimCosSdk } from '../scripts/trim-cos-sdk.ts';
import { trimSdkCore } from '../scripts/trim-sdk-core.ts';

/**
 * `npm run bench`: bundles the benchmarks as the functions are bundled and runs them in a bare Node process, so that what
 * is measured is what is deployed, not what a loader makes of it.
 */
const root = join(import.meta.dirname, '..');
const { distDir } = await buildFunctions();
const outdir = join(distDir, 'bench');
// What the functions' cold start is measured against.
await build({
  stdin: { contents: 'export const main = async () => ({ statusCode: 200 });' },
  outfile: join(outdir, 'empty.cjs'),
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  logLevel: 'error',
});
const programs = join(root, 'bench', 'programs');
await build({
  entryPoints: readdirSync(programs).map((name) => join(programs, name)),
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'error',
  // The SDKs as they are deployed: what they load besides changes how fast everything else is.
  plugins: [trimCosSdk, trimSdkCore],
  // What is inside of the bundle as CommonJS asks for Node's own modules.
  banner: {
    js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
  },
});
const run = (program: string, args: readonly string[]): number =>
  spawnSync(process.execPath, [program, ...args], { stdio: 'inherit', cwd: root }).status ?? 1;
const status = run(join(outdir, 'bench.js'), process.argv.slice(2));
const written = ['docs/performance.md', 'docs/performance/results.json'];
if (status === 0 && process.argv.includes('--write'))
  run(join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'), [
    '--log-level',
    'warn',
    '--write',
    ...written,
  ]);
process.exit(status);
