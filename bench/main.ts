import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * `npm run bench`: bundles the benchmarks as the functions are bundled and runs them in a bare Node process, so that what
 * is measured is what is deployed, not what a loader makes of it.
 */
const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist', 'bench');
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
