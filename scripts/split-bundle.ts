import { basename, dirname, join } from 'node:path';
import { build, transform, type BuildOptions, type Metafile, type OutputFile, type Plugin } from 'esbuild';

/** A bundle in one file, and what belongs beside it. */
export interface SplitBundle {
  /** `main.js`, what its licenses ask to be told, and the maps of it and of what it carries as text. */
  readonly files: readonly Pick<OutputFile, 'path' | 'contents'>[];
  /** What each source adds to it, in bytes, before names are shortened. */
  readonly sources: ReadonlyMap<string, number>;
}

export interface SplitOptions {
  readonly root: string;
  readonly entryPoint: string;
  /** The one file: `…/main.js`. */
  readonly outfile: string;
  /** For the packages in it. */
  readonly plugins: readonly Plugin[];
}

const COMMON = { platform: 'node', target: 'node20', logLevel: 'silent' } as const satisfies BuildOptions;

/**
 * Bundles to one CommonJS file that carries what is behind an `import()` as text and compiles it when it is asked for: V8
 * reads a text seven times as fast as it reads code, and most instances need few of the clients that are loaded so. What
 * both sides use is there once. What was carried has a name of its own in stack traces, and its map beside the bundle.
 * @throws when esbuild finds a fault; the message says where.
 */
export async function splitBundle(options: SplitOptions): Promise<SplitBundle> {
  const folder = dirname(options.outfile);
  const { parts, sources } = await splitSources(options, folder);
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [options.outfile],
    outfile: options.outfile,
    absWorkingDir: options.root,
    allowOverwrite: true,
    bundle: true,
    format: 'cjs',
    minify: true,
    plugins: [joinParts(parts, folder)],
    sourcemap: 'linked',
    legalComments: 'external',
    write: false,
  });
  const maps = [...parts].flatMap(([path, { carried }]) =>
    carried === undefined ? [] : [{ path: `${path}.map`, contents: Buffer.from(carried.map) }],
  );
  return { files: [...outputFiles, ...maps], sources };
}

/** Sources that are loaded together, in one ES module. */
interface Part {
  readonly code: string;
  /** The parts that it asks for, as it names them. */
  readonly asksFor: readonly string[];
  /** The same in CommonJS, where it is not loaded at once. */
  readonly carried: { readonly code: string; readonly map: string } | undefined;
}

/** By path, beside the bundle, where none of them is ever written. */
type Parts = ReadonlyMap<string, Part>;

async function splitSources(
  { root, entryPoint, plugins }: SplitOptions,
  folder: string,
): Promise<{ readonly parts: Parts; readonly sources: SplitBundle['sources'] }> {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    entryPoints: { main: entryPoint },
    outdir: folder,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [...plugins],
    sourcemap: 'inline',
    legalComments: 'inline',
    metafile: true,
    write: false,
  });
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, one]) => [join(root, path), one]));
  const main = join(folder, 'main.js');
  const early = reachable(main, outputs, ['import-statement']);
  const all = reachable(main, outputs, ['import-statement', 'dynamic-import']);
  const used = outputFiles.filter(({ path }) => all.has(path));
  const parts = used.map(async ({ path, text }): Promise<readonly [string, Part]> => {
    const code = withRequire(text);
    const asksFor = asked(outputs.get(path)).map((one) => `./${basename(one.path)}`);
    return [path, { code, asksFor, carried: early.has(path) ? undefined : await asCarried(path, code) }];
  });
  return { parts: new Map(await Promise.all(parts)), sources: sourcesOf(used, outputs) };
}

type Output = Metafile['outputs'][string];

/** The other parts that one asks for: not Node's own modules. */
function asked(output: Output | undefined): Output['imports'] {
  return output?.imports.filter(({ external }) => external !== true) ?? [];
}

/** The parts that are loaded with one of them, or may be, by the kinds of imports that count. */
function reachable(
  from: string,
  outputs: ReadonlyMap<string, Output>,
  kinds: readonly string[],
): ReadonlySet<string> {
  const found = new Set([from]);
  // What is added on the way is visited, too.
  for (const path of found)
    for (const { path: other, kind } of asked(outputs.get(path)))
      if (kinds.includes(kind)) found.add(join(dirname(from), basename(other)));
  return found;
}

/** All of it becomes CommonJS, which has a `require` and need not make one. */
function withRequire(code: string): string {
  return code.replaceAll(/\b__require\(/g, 'require(');
}

function sourcesOf(
  files: readonly OutputFile[],
  outputs: ReadonlyMap<string, Output>,
): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const { path } of files)
    for (const [source, { bytesInOutput }] of Object.entries(outputs.get(path)?.inputs ?? {}))
      bytes.set(source, (bytes.get(source) ?? 0) + bytesInOutput);
  return bytes;
}

async function asCarried(path: string, source: string): Promise<NonNullable<Part['carried']>> {
  const { code, map } = await transform(source, {
    ...COMMON,
    sourcefile: path,
    format: 'cjs',
    minify: true,
    sourcemap: 'external',
    // Where it is compiled nothing stands behind an `import()`.
    supported: { 'dynamic-import': false },
  });
  return { code: `${code}//# sourceMappingURL=${basename(path)}.map\n`, map };
}

/** Makes one file of the parts. */
function joinParts(parts: Parts, folder: string): Plugin {
  return {
    name: 'join-parts',
    setup: (plugin) => {
      plugin.onResolve({ filter: /^[./]/ }, ({ path: named }) => {
        const path = join(folder, basename(named));
        return { path, namespace: parts.get(path)?.carried === undefined ? 'file' : 'carried' };
      });
      plugin.onLoad({ filter: /\.js$/ }, ({ path, namespace }) => {
        const part = parts.get(path);
        if (part === undefined) return undefined;
        return { contents: namespace === 'carried' ? compiling(path, part) : part.code, resolveDir: folder };
      });
    },
  };
}

/** A module that compiles what is carried, as Node does with a file, and hands it what it asks for. */
function compiling(path: string, { asksFor, carried }: Part): string {
  const parts = asksFor.map((one) => `${JSON.stringify(one)}: () => require(${JSON.stringify(one)})`);
  return `
    const Module = require('node:module');
    const path = require('node:path').join(__dirname, ${JSON.stringify(basename(path))});
    const parts = { ${parts.join(', ')} };
    const carried = new Module(path, module);
    carried.require = (id) => (Object.hasOwn(parts, id) ? parts[id]() : require(id));
    carried._compile(${JSON.stringify(carried?.code)}, path);
    module.exports = carried.exports;`;
}
