import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LOCAL_HOST_FOLDER } from './bundle-local-host.ts';
import { replaceIfChanged } from './replace-if-changed.ts';
import { splitBundle } from './split-bundle.ts';
import { trimCosSdk } from './trim-cos-sdk.ts';
import { trimSdkCore } from './trim-sdk-core.ts';
import type { FunctionList } from '../local/function-list/function-list.ts';

/** One bundle that was written, and what went into it. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  readonly bytesMax: number;
  /** The largest sources by their share of the bundle, largest first. */
  readonly largestSources: readonly { readonly path: string; readonly bytes: number }[];
}

export interface BundleOptions {
  /** The folder that holds `functions/`. */
  readonly root: string;
  /** Where the bundles go: `<outDir>/<name>/main.js`. What is there of functions that are gone is removed. */
  readonly outDir: string;
  readonly functions: FunctionList;
}

/**
 * Bundles every function to one CommonJS file that exports `main` and needs nothing but Node, with its source maps beside.
 * Files are replaced as a whole, so that a running host or a second build never meets half a bundle.
 * @throws when a function has no `main.ts`, or esbuild finds a fault in it.
 */
export async function bundleFunctions(options: BundleOptions): Promise<readonly Bundle[]> {
  const missing = options.functions.filter(({ name }) => !existsSync(entryPointOf(options.root, name)));
  if (missing.length > 0)
    throw new Error(
      `functions.json names functions without a main.ts: ${missing.map(({ name }) => name).join(', ')}`,
    );
  await mkdir(options.outDir, { recursive: true });
  await removeStale(options);
  return Promise.all(options.functions.map((entry) => bundleOne(options, entry)));
}

async function bundleOne(options: BundleOptions, entry: FunctionList[number]): Promise<Bundle> {
  const folder = join(options.outDir, entry.name);
  const outfile = join(folder, 'main.js');
  const { files, sources } = await splitBundle({
    root: options.root,
    entryPoint: entryPointOf(options.root, entry.name),
    outfile,
    plugins: [trimCosSdk, trimSdkCore],
  });
  await mkdir(folder, { recursive: true });
  // The nearest package.json decides what a .js file is, and the one at the root says ES modules.
  const all = [{ path: join(folder, 'package.json'), contents: PACKAGE_JSON }, ...files];
  for (const file of all) replaceIfChanged(file.path, file.contents);
  // Names of parts change with what is in them.
  await removeOthers(folder, new Set(all.map(({ path }) => basename(path))));
  const bundle = files.find((file) => file.path === outfile);
  return {
    name: entry.name,
    bytes: bundle?.contents.length ?? 0,
    bytesMax: entry.bundleKilobytesMax * 1024,
    largestSources: largest(sources),
  };
}

const PACKAGE_JSON = Buffer.from('{ "type": "commonjs", "main": "main.js" }\n');

function entryPointOf(root: string, name: string): string {
  return join(root, 'functions', name, 'main.ts');
}

/** What others put beside the bundles: the local host and the benchmarks. */
const NO_FUNCTIONS = [LOCAL_HOST_FOLDER, 'bench'];

async function removeStale(options: BundleOptions): Promise<void> {
  await removeOthers(
    options.outDir,
    new Set([...NO_FUNCTIONS, ...options.functions.map(({ name }) => name)]),
  );
}

/** Removes what is not wanted, but not what a second build is just writing. */
async function removeOthers(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const others = (await readdir(folder)).filter((name) => !wanted.has(name) && !name.endsWith('.tmp'));
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function largest(sources: ReadonlyMap<string, number>): Bundle['largestSources'] {
  return [...sources]
    .map(([path, bytes]) => ({ path, bytes }))
    .toSorted((one, other) => other.bytes - one.bytes)
    .slice(0, 5);
}
