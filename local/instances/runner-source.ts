import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The function runner as plain JavaScript for a worker that evaluates it. Compiled here because a worker must not carry
 * the host's TypeScript loader: that would touch the bundles, too.
 */
export async function compileRunner(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('function-runner.ts', import.meta.url))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('esbuild produced no output for the function runner');
  return file.text;
}
