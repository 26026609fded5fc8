import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { compileRunner } from '../local/instances/runner-source.ts';
import { replaceIfChanged } from './replace-if-changed.ts';

/** The folder in `dist` that holds the local host; no function has this name. */
export const LOCAL_HOST_FOLDER = 'local';

/**
 * Bundles the command line, the local host in it, so that `node dist/local/mq-observer.js start` needs no compiler and no
 * package: for the container. What is loaded when it is needed stays in files of its own.
 * @param outDir where `functions.json` and the bundles of the functions are, in `<name>/main.js`, beside `local`.
 * @throws when a source has a fault; the message says where.
 */
export async function bundleLocalHost(given: {
  readonly root: string;
  readonly outDir: string;
}): Promise<void> {
  const folder = join(given.outDir, LOCAL_HOST_FOLDER);
  const { outputFiles } = await build({
    entryPoints: { 'mq-observer': join(given.root, 'local', 'cli', 'main.ts') },
    outdir: folder,
    absWorkingDir: given.root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [takePrebuiltBundles],
    // What is inside of the bundle as CommonJS asks for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    legalComments: 'linked',
    write: false,
    logLevel: 'silent',
  });
  const files = [
    { name: 'package.json', contents: Buffer.from('{ "type": "module" }\n') },
    { name: 'functions.json', contents: await readFile(join(given.root, 'functions', 'functions.json')) },
    { name: 'function-runner.js', contents: Buffer.from(await compileRunner()) },
    ...outputFiles.map(({ path, contents }) => ({ name: basename(path), contents })),
  ];
  await mkdir(folder, { recursive: true });
  for (const { name, contents } of files) replaceIfChanged(join(folder, name), contents);
  const wanted = new Set(files.map(({ name }) => name));
  const stale = (await readdir(folder)).filter((name) => !wanted.has(name));
  await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** The one module in which the bundled local host differs from the one that is run from its sources. */
const takePrebuiltBundles: Plugin = {
  name: 'take-prebuilt-bundles',
  setup: (plugin) =>
    plugin.onResolve({ filter: /\/prepare-bundles\.ts$/ }, ({ resolveDir }) => ({
      path: join(resolveDir, 'prebuilt-bundles.ts'),
    })),
};
