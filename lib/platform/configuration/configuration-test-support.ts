import type { Configuration } from './configuration.ts';
import type { ConfigurationProblem } from './findings.ts';
import { loadConfiguration } from './load-configuration.ts';
import type { Environment } from './setting-reader.ts';

/** A file that is not there. */
export function noFile(path: string): never {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

/** A reader of one file, written as a value. */
export function fileOf(document: unknown): () => string {
  return () => JSON.stringify(document);
}

/** The configuration; fails the test where there are problems. */
export function loaded(env: Environment = {}, document?: unknown): Configuration {
  const result = loadConfiguration(env, document === undefined ? noFile : fileOf(document));
  if (!result.ok) throw new Error(`unexpected problems: ${JSON.stringify(result.problems, null, 1)}`);
  return result.configuration;
}

/** The problems; fails the test where there are none. */
export function problemsOf(env: Environment = {}, document?: unknown): readonly ConfigurationProblem[] {
  const result = loadConfiguration(env, document === undefined ? noFile : fileOf(document));
  if (result.ok) throw new Error('expected problems, but the configuration was accepted');
  return result.problems;
}

/** The keys of the problems, in order. */
export function keysOf(env: Environment = {}, document?: unknown): readonly string[] {
  return problemsOf(env, document).map(({ key }) => key);
}
