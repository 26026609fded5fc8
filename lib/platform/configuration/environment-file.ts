import type { Findings } from './findings.ts';
import { isObject, typeName } from './json-values.ts';

/** What `env.json` gives, as texts. Blank values are left out, so that presence means given. */
export interface EnvironmentFile {
  /** Single settings by place, such as `COS_STORAGE.bucket`. */
  readonly texts: ReadonlyMap<string, string>;
  /** One map per entry of `MQ_ENDPOINTS`, by key. */
  readonly slots: readonly ReadonlyMap<string, string>[];
  /** `EVENT_ENDPOINTS` as it stands there; undefined where it does not. */
  readonly eventEndpoints: unknown;
}

/** A key, and which type it may have besides a text; a list is one of texts. */
export interface SlotKeyForm {
  readonly key: string;
  readonly also?: 'number' | 'boolean' | 'list';
}

/** The keys that each part may have. */
export interface KnownKeys {
  /** Of one entry of `MQ_ENDPOINTS`. */
  readonly slot: readonly SlotKeyForm[];
  /** Places of single settings, such as `COS_STORAGE.bucket`. */
  readonly places: readonly string[];
}

/** No file, or a useless one. */
export const emptyEnvironmentFile: EnvironmentFile = {
  texts: new Map(),
  slots: [],
  eventEndpoints: undefined,
};

/** The parts that `env.json` may have. */
export const environmentFileParts = ['MQ_ENDPOINTS', 'COS_STORAGE', 'CODE_ENGINE', 'EVENT_ENDPOINTS'];

const REGIONS = 'CODE_ENGINE.regions';
/** The texts that the original's sample file holds where a value is to be filled in. */
const PLACEHOLDER = /^(https?:\/\/)?<(your [^<>]*|[^<>]* goes here)>?$/;

const ALSO = { number: 'a number', boolean: 'true or false', list: 'a list of such' } as const;

interface Notes {
  readonly findings: Findings;
  /** Places that still hold the sample's text. */
  readonly placeholders: string[];
}

/**
 * Takes the parsed `env.json` apart. Keys are found in any case, as the original does; `null` counts as absent, and so
 * do the original's sample placeholders. Wrong types are problems by their place, unknown keys are remarks.
 */
export function takeApart(document: object, known: KnownKeys, findings: Findings): EnvironmentFile {
  const notes: Notes = { findings, placeholders: [] };
  const parts = membersOf(document, '', environmentFileParts, notes);
  const texts = new Map<string, string>();
  for (const part of ['COS_STORAGE', 'CODE_ENGINE']) {
    const places = known.places.filter((place) => place.startsWith(`${part}.`));
    const keys = places.map((place) => place.slice(part.length + 1));
    for (const [key, value] of membersOf(parts.get(part), part, keys, notes)) {
      const place = `${part}.${key}`;
      const text = place === REGIONS ? regionsOf(value, place, notes) : textIn(value, place, notes);
      if (text !== undefined) texts.set(place, text);
    }
  }
  const slots = entriesOf(parts.get('MQ_ENDPOINTS'), 'MQ_ENDPOINTS', notes).map((entry, index) =>
    textsOf(entry, `MQ_ENDPOINTS[${index}]`, known.slot, notes),
  );
  if (notes.placeholders.length > 0)
    findings.warn(
      'env.json',
      `still holds the sample's placeholders, which count as blank: ${notes.placeholders.join(', ')}`,
    );
  return { texts, slots, eventEndpoints: parts.get('EVENT_ENDPOINTS') };
}

/** An object's members under their known names. Anything but an object or nothing is reported. */
export function membersOf(
  value: unknown,
  place: string,
  known: readonly string[],
  { findings }: Pick<Notes, 'findings'>,
): ReadonlyMap<string, unknown> {
  const members = new Map<string, unknown>();
  if (isAbsent(value)) return members;
  if (!isObject(value)) {
    findings.problem(place, `is ${typeName(value)}; expected an object with ${known.join(', ')}`);
    return members;
  }
  for (const [key, member] of Object.entries(value)) {
    const name = known.find((candidate) => candidate.toLowerCase() === key.toLowerCase());
    if (name !== undefined) members.set(name, member);
    else
      findings.warn(
        place === '' ? key : `${place}.${key}`,
        `is not read; known keys are ${known.join(', ')}`,
      );
  }
  return members;
}

function entriesOf(value: unknown, place: string, { findings }: Notes): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isAbsent(value)) findings.problem(place, `is ${typeName(value)}; expected a list of objects`);
  return [];
}

/** A text that is not blank. Anything but a text, what it may be besides, or nothing is reported. */
function textIn(value: unknown, place: string, notes: Notes, also?: SlotKeyForm['also']): string | undefined {
  const { findings, placeholders } = notes;
  if (isAbsent(value)) return undefined;
  if (also === 'list' && Array.isArray(value)) return listIn(value, place, notes);
  if (typeof value === also) return String(value);
  if (typeof value !== 'string') {
    const expected = also === undefined ? 'a text in quotes' : `a text in quotes or ${ALSO[also]}`;
    findings.problem(place, `is ${typeName(value)}; expected ${expected}`);
    return undefined;
  }
  if (!PLACEHOLDER.test(value.trim())) return value.trim() === '' ? undefined : value;
  placeholders.push(place);
  return undefined;
}

/** A list of texts in the form of the environment variable: with commas. */
function listIn(values: readonly unknown[], place: string, notes: Notes): string | undefined {
  const texts = values.flatMap((value, index) => textIn(value, `${place}[${index}]`, notes) ?? []);
  return texts.length === 0 ? undefined : texts.join(',');
}

function textsOf(
  value: unknown,
  place: string,
  forms: readonly SlotKeyForm[],
  notes: Notes,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const also = new Map(forms.map((form) => [form.key, form.also]));
  for (const [key, member] of membersOf(value, place, [...also.keys()], notes)) {
    const text = textIn(member, `${place}.${key}`, notes, also.get(key));
    if (text !== undefined) texts.set(key, text);
  }
  return texts;
}

/** `[{"region": "eu-de"}, …]` in the form of the environment variable: `eu-de,…`. */
function regionsOf(value: unknown, place: string, notes: Notes): string | undefined {
  const names = entriesOf(value, place, notes).flatMap((entry, index) => [
    ...textsOf(entry, `${place}[${index}]`, [{ key: 'region' }], notes).values(),
  ]);
  return names.length === 0 ? undefined : names.join(',');
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
