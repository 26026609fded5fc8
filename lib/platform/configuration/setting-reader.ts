import type { EnvironmentFile } from './environment-file.ts';
import type { Findings } from './findings.ts';
import { measure, quote, type Parse } from './parse.ts';
import type { Setting, SourcedText } from './setting.ts';

/** The process's environment, or what stands for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings from the environment and `env.json`; what is wrong goes to the findings. */
export interface SettingReader {
  /** The value given, or the default: where nothing is given, and where what is given was refused. */
  readonly read: <T>(setting: Setting<T>) => T;
  /** The text given and under which key; undefined where it is absent or blank. */
  readonly source: (setting: Setting<unknown>) => SourcedText | undefined;
  /** Parses a text that no row of the schema stands for. Undefined: refused, and reported under its key. */
  readonly parse: <T>(source: SourcedText, parse: Parse<T>, isSecret?: boolean) => T | undefined;
  /** Remarks that a setting was given for nothing. Nothing happens where it was not given. */
  readonly noEffect: (setting: Setting<unknown>, why: string) => void;
}

export interface SettingReaderDeps {
  readonly environment: Environment;
  readonly file: EnvironmentFile;
  readonly underTest: boolean;
  readonly findings: Findings;
}

/** An environment variable's text; undefined where it is absent or blank. */
export function textOf(environment: Environment, name: string): SourcedText | undefined {
  const text = environment[name];
  return text === undefined || text.trim() === '' ? undefined : { key: name, text };
}

export function createSettingReader(deps: SettingReaderDeps): SettingReader {
  const { environment, file, underTest, findings } = deps;

  const source = (setting: Setting<unknown>): SourcedText | undefined => {
    for (const name of setting.env ?? [setting.name]) {
      const given = textOf(environment, name);
      if (given !== undefined) return given;
    }
    const text = setting.file === undefined ? undefined : file.texts.get(setting.file);
    return text === undefined || setting.file === undefined ? undefined : { key: setting.file, text };
  };

  const parse = <T>({ key, text }: SourcedText, parser: Parse<T>, isSecret = false): T | undefined => {
    const parsed = parser(text);
    if (parsed.ok) return parsed.value;
    const given = parsed.given ?? (isSecret ? measure(text) : `is ${quote(text)}`);
    findings.problem(key, `${given}; expected ${parsed.expected}`);
    return undefined;
  };

  const read = <T>(setting: Setting<T>): T => {
    const byDefault = underTest && setting.underTest !== undefined ? setting.underTest : setting.byDefault;
    const given = source(setting);
    if (given === undefined) return byDefault;
    return parse(given, setting.parse, setting.secret) ?? byDefault;
  };

  const noEffect = (setting: Setting<unknown>, why: string): void => {
    const given = source(setting);
    if (given !== undefined) findings.warn(given.key, `has no effect: ${why}`);
  };

  return { read, source, parse, noEffect };
}
