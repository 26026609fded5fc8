import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildFunctions } from '../scripts/build.ts';

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
await build({
  entryPoints: [join(root, 'bench', 'bench.ts'), join(root, 'bench', 'sink.ts')],
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'error',
  // What is inside of the bundle as CommonJS asks for Node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', join(outdir, 'bench.js'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
