import type { Configuration } from './configuration.ts';
import type { ConfigurationProblem } from './findings.ts';
import { loadConfiguration, type LoadedConfiguration } from './load-configuration.ts';
import type { Environment } from './setting-reader.ts';

/** A file that is not there. */
export function noFile(path: string): never {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

/** A reader of one file, written as a value. */
export function fileOf(document: unknown): () => string {
  return () => JSON.stringify(document);
}

/** Texts of files by path, besides `env.json`. */
type Files = Readonly<Record<string, string>>;

function load(env: Environment, document: unknown, files: Files): LoadedConfiguration {
  return loadConfiguration(env, (path) => {
    const text = files[path];
    if (text !== undefined) return text;
    return document === undefined || path !== './env.json' ? noFile(path) : JSON.stringify(document);
  });
}

/** The configuration; fails the test where there are problems. */
export function loaded(env: Environment = {}, document?: unknown, files: Files = {}): Configuration {
  const result = load(env, document, files);
  if (!result.ok) throw new Error(`unexpected problems: ${JSON.stringify(result.problems, null, 1)}`);
  return result.configuration;
}

/** The problems; fails the test where there are none. */
export function problemsOf(
  env: Environment = {},
  document?: unknown,
  files: Files = {},
): readonly ConfigurationProblem[] {
  const result = load(env, document, files);
  if (result.ok) throw new Error('expected problems, but the configuration was accepted');
  return result.problems;
}

/** The keys of the problems, in order. */
export function keysOf(env: Environment = {}, document?: unknown, files: Files = {}): readonly string[] {
  return problemsOf(env, document, files).map(({ key }) => key);
}
