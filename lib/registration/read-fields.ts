import { describeJsonFault } from '../platform/configuration/json-fault.ts';
import type { Problem } from '../platform/problem.ts';

/** What was sent: a body with its type, and the query, whose fields count where the body has none. */
export interface Sent {
  readonly contentType: string | undefined;
  readonly body: Buffer;
  readonly query: URLSearchParams;
}

export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** The fields of a request by lower-case name; a form's values are texts, JSON's are anything. */
export type Fields = Readonly<Record<string, unknown>>;

const unreadable = (detail: string): Read<never> => ({
  ok: false,
  problem: { code: 'invalid-request', detail },
});

const NEITHER: Read<never> = {
  ok: false,
  problem: {
    code: 'unsupported-media-type',
    detail: 'Send application/json or application/x-www-form-urlencoded.',
  },
};

/**
 * Reads the fields of a request, names in lower case, from its body and its query; the body wins. Without a type the
 * body is taken as JSON if it parses, else as a form. Total: never throws.
 */
export function readFields(sent: Sent): Read<Fields> {
  const fromBody = readBody(sent);
  return fromBody.ok ? { ok: true, value: { ...firstOfEach(sent.query), ...fromBody.value } } : fromBody;
}

function readBody({ contentType = '', body }: Sent): Read<Fields> {
  const type = contentType.toLowerCase();
  const isJson = type.includes('json');
  if (body.length === 0 && !isJson) return { ok: true, value: {} };
  const isForm = type.split(';', 1)[0]?.trim() === 'application/x-www-form-urlencoded';
  if (!isJson && !isForm && type !== '') return NEITHER;
  const text = decodeText(body);
  if (text === undefined) return unreadable('The body is not valid UTF-8.');
  if (isForm) return readForm(text);
  const parsed = parseJson(text);
  if (parsed.ok) return readObject(parsed.value);
  return isJson ? parsed : readForm(text);
}

/** A byte order mark at the start is dropped. */
function decodeText(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): Read<unknown> {
  if (text.trim() === '') return unreadable('The body is empty; a JSON object is expected.');
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // Not the runtime's own message: it quotes the body, which may hold a header's secret.
    return unreadable(`The body is not valid JSON: it goes wrong ${describeJsonFault(text)}.`);
  }
}

function readObject(value: unknown): Read<Fields> {
  if (value === null) return { ok: true, value: {} };
  const fields = namesInLowerCase(value);
  return fields === undefined ? unreadable('The body must be a JSON object.') : { ok: true, value: fields };
}

function readForm(text: string): Read<Fields> {
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text);
  if (badEscape) return unreadable(`invalid URL escape ${JSON.stringify(badEscape[0])}`);
  if (text.includes(';')) return unreadable('invalid semicolon separator in query');
  try {
    decodeURIComponent(text);
  } catch {
    return unreadable('The body is not valid UTF-8.');
  }
  return { ok: true, value: firstOfEach(new URLSearchParams(text)) };
}

/** Of a name that is given several times the first value counts, as in the original. */
function firstOfEach(pairs: URLSearchParams): Fields {
  return Object.fromEntries([...pairs].toReversed().map(([name, value]) => [name.toLowerCase(), value]));
}

const SETTINGS = ['when', 'delivery', 'job'] as const;

/**
 * The fields of a JSON object with names in lower case, also one level down in the settings: names are understood in any
 * case, except where they are the caller's own (headers). Nothing for what is not an object.
 */
export function namesInLowerCase(value: unknown): Fields | undefined {
  const fields = keysInLowerCase(value);
  if (fields === undefined) return undefined;
  const nested = SETTINGS.map((name) => [name, keysInLowerCase(fields[name])] as const);
  return { ...fields, ...Object.fromEntries(nested.filter(([, inner]) => inner !== undefined)) };
}

function keysInLowerCase(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [key.toLowerCase(), inner]),
  );
}
