import { parseDuration, type DurationBounds } from '../duration.ts';
import { secret, type Secret } from '../secret.ts';

/**
 * What a parser made of a text. `expected` completes "expected …". `given` says what is wrong with the text where its
 * look does not show it, and reveals nothing of a secret; absent, the text is quoted, or measured if it is a secret.
 */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string; readonly given?: string };

/** Takes a text that is not blank. Pure, never throws. */
export type Parse<T> = (text: string) => Parsed<T>;

/** A parsed value. */
export function accept<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** A refused text. */
export function refuse<T>(expected: string, given?: string): Parsed<T> {
  return given === undefined ? { ok: false, expected } : { ok: false, expected, given };
}

const QUOTED_LENGTH_MAX = 60;

/** Shows a text that is no secret: in quotes, cut, without what stands before an `@` or behind a `?` or `#`. */
export function quote(text: string): string {
  const safe = text.replace(/^.*@/s, '***@').replace(/([?#]).*$/s, '$1***');
  const cut = safe.length > QUOTED_LENGTH_MAX ? `${safe.slice(0, QUOTED_LENGTH_MAX)}…` : safe;
  return JSON.stringify(cut);
}

/** Off when blank, `0`, `false`, `no` or `off`, in any case; anything else is on. */
export const switchOn: Parse<boolean> = (text) =>
  accept(!['', '0', 'false', 'no', 'off'].includes(text.trim().toLowerCase()));

/** A whole number within bounds, in digits. */
export function wholeNumber(min: number, max: number, what = 'a whole number'): Parse<number> {
  return (text) => {
    const digits = text.trim();
    const value = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
    return value >= min && value <= max ? accept(value) : refuse(`${what} from ${min} to ${max}`);
  };
}

const MINUTE_MS = 60_000;
const MINUTES_MAX = 525_600;

/** Whole minutes, from one to a year, as milliseconds. */
export const minutes: Parse<number> = (text) => {
  const parsed = wholeNumber(1, MINUTES_MAX, 'whole minutes')(text);
  return parsed.ok ? accept(parsed.value * MINUTE_MS) : parsed;
};

/** A text of a given form, trimmed. */
export function matching(form: RegExp, expected: string): Parse<string> {
  return (text) => (form.test(text.trim()) ? accept(text.trim()) : refuse(expected));
}

/** One of a few words, in any case. */
export function oneOf<const T extends string>(words: readonly T[]): Parse<T> {
  return (text) => {
    const word = words.find((candidate) => candidate === text.trim().toLowerCase());
    return word === undefined ? refuse(`one of ${words.join(', ')}`) : accept(word);
  };
}

/** An ISO 8601 duration, as milliseconds. */
export function duration(bounds: DurationBounds): Parse<number> {
  return (text) => {
    const parsed = parseDuration(text.trim(), bounds);
    return parsed.ok ? accept(parsed.ms) : refuse(parsed.expected);
  };
}

/** The same, kept as a secret. */
export function asSecret(parse: Parse<string>): Parse<Secret> {
  return (text) => {
    const parsed = parse(text);
    return parsed.ok ? accept(secret(parsed.value)) : parsed;
  };
}

/** Comma-separated; entries are trimmed, empty ones dropped. The first bad entry is named by its place. */
export function listOf<T>(parse: Parse<T>): Parse<readonly T[]> {
  return listParser(parse, (entry) => `is ${quote(entry)}`);
}

/** The same for secrets: a bad entry is measured, not quoted. */
export function secretListOf(parse: Parse<string>): Parse<readonly Secret[]> {
  return listParser(asSecret(parse), measure);
}

function listParser<T>(parse: Parse<T>, describe: (entry: string) => string): Parse<readonly T[]> {
  return (text) => {
    const values: T[] = [];
    for (const [index, entry] of splitList(text).entries()) {
      const parsed = parse(entry);
      if (!parsed.ok)
        return refuse(
          `a comma-separated list, each entry ${parsed.expected}`,
          `entry ${index + 1} ${parsed.given ?? describe(entry)}`,
        );
      values.push(parsed.value);
    }
    return accept(values);
  };
}

/** The entries of a comma-separated list, trimmed, without the empty ones. */
export function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Describes a secret by its length alone. */
export function measure(text: string): string {
  return `is a text of ${text.length} character${text.length === 1 ? '' : 's'}`;
}
