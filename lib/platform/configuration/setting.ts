import type { Configuration } from './configuration.ts';
import type { Parse } from './parse.ts';

/** What can be written as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One row of the schema: a single setting, where it comes from and what it may be. */
export interface Setting<T> {
  /** Its name in documents and in the effective configuration; the environment variable unless `env` says otherwise. */
  readonly name: string;
  /** Environment variables that hold it, strongest first. */
  readonly env?: readonly string[];
  /** Its place in `env.json`, as `PART.key`. Weaker than any environment variable. */
  readonly file?: `${'COS_STORAGE' | 'CODE_ENGINE'}.${string}`;
  readonly parse: Parse<T>;
  readonly byDefault: T;
  /** The default while `TEST` is on, where it differs. */
  readonly underTest?: T;
  /** True: its value is never shown. */
  readonly secret?: boolean;
  /** One line for people. */
  readonly about: string;
  /** What came of it, secrets masked. Absent where nothing of it stays. */
  readonly show?: (configuration: Configuration) => Json;
}

/** A text with the key that it was given under. */
export interface SourcedText {
  readonly key: string;
  readonly text: string;
}
