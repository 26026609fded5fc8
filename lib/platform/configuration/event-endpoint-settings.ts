import { formatDuration } from '../duration.ts';
import { secret, type Secret } from '../secret.ts';
import type { EventEndpointSettings } from './configuration.ts';
import { membersOf, type EnvironmentFile } from './environment-file.ts';
import type { Findings } from './findings.ts';
import { describeJsonFault } from './json-fault.ts';
import { numberAt, switchAt, textAt, type Place } from './json-place.ts';
import { isObject, typeName } from './json-values.ts';
import { accept, duration, matching, measure, quote, refuse, type Parse } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Json, Setting } from './setting.ts';

const NAME = 'EVENT_ENDPOINTS';
const ENDPOINTS_MAX = 64;
const HEADERS_MAX = 32;
const TYPES_MAX = 100;
const MINUTE_MS = 60_000;
const TIMEOUT_MS = 5_000;
const THRESHOLD = 10;
const BACKOFF_MS = 1_000;

const jsonText: Parse<unknown> = (text) => {
  try {
    return accept<unknown>(JSON.parse(text));
  } catch {
    return refuse('a JSON list of objects', `is not valid JSON ${describeJsonFault(text)}`);
  }
};

const eventEndpoints: Setting<unknown> = {
  name: NAME,
  parse: jsonText,
  byDefault: undefined,
  secret: true,
  about: 'Who hears of lifecycle events: a JSON list of {name, url, headers, timeout, …}; or in env.json.',
  show: ({ events }) => events.map(described),
};

/** The rows of the schema that say who hears of lifecycle events. */
export const eventEndpointSettings: readonly Setting<unknown>[] = [eventEndpoints];

function described(endpoint: EventEndpointSettings): Json {
  return {
    name: endpoint.name,
    url: withoutQuery(endpoint.url),
    headers: Object.fromEntries(
      Object.entries(endpoint.headers).map(([name, value]) => [name, value.toString()]),
    ),
    timeout: formatDuration(endpoint.timeoutMs),
    threshold: endpoint.threshold,
    backoff: formatDuration(endpoint.backoffMs),
    ignore: { types: endpoint.ignoredTypes },
    disabled: endpoint.disabled,
  };
}

/** A URL as it may be shown: keys are passed in queries, too. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, '?***');
}

/** The endpoints of the environment variable, else those of `env.json`. What is wrong is reported by its place. */
export function readEventEndpoints(
  reader: SettingReader,
  file: EnvironmentFile,
  findings: Findings,
): readonly EventEndpointSettings[] {
  const given = reader.read(eventEndpoints) ?? file.eventEndpoints ?? [];
  if (!Array.isArray(given) || given.length > ENDPOINTS_MAX) {
    const shape = Array.isArray(given) ? `a list of ${given.length} entries` : typeName(given);
    findings.problem(NAME, `is ${shape}; expected a list of at most ${ENDPOINTS_MAX} objects`);
    return [];
  }
  const names = new Set<string>();
  return given.flatMap((entry: unknown, index) => {
    const place = `${NAME}[${index}]`;
    const endpoint = readEndpoint(entry, place, findings);
    if (endpoint === undefined) return [];
    if (names.has(endpoint.name))
      findings.problem(`${place}.name`, `is ${quote(endpoint.name)} as another is; expected its own name`);
    names.add(endpoint.name);
    return [endpoint];
  });
}

const KEYS = ['name', 'url', 'headers', 'timeout', 'threshold', 'backoff', 'ignore', 'disabled'];

/** Undefined: without a name or a URL, which has been reported. */
function readEndpoint(entry: unknown, place: string, findings: Findings): EventEndpointSettings | undefined {
  const members = membersOf(entry ?? {}, place, KEYS, { findings });
  if (entry !== null && entry !== undefined && !isObject(entry)) return undefined;
  const at = (key: string): Place => ({
    key: `${place}.${key}`,
    value: members.get(key) ?? undefined,
    findings,
  });
  const name = textAt(at('name'), endpointName, { required: true });
  const url = textAt(at('url'), endpointUrl, { required: true });
  const rest = {
    headers: headersAt(at('headers')),
    timeoutMs: textAt(at('timeout'), duration({ minMs: 100, maxMs: MINUTE_MS / 2 })) ?? TIMEOUT_MS,
    threshold: numberAt(at('threshold'), 1, 1_000) ?? THRESHOLD,
    backoffMs: textAt(at('backoff'), duration({ minMs: 1, maxMs: 24 * 60 * MINUTE_MS })) ?? BACKOFF_MS,
    ignoredTypes: typesAt(at('ignore')),
    disabled: switchAt(at('disabled')) ?? false,
  };
  return name === undefined || url === undefined ? undefined : { name, url, ...rest };
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
const HEADER_VALUE = /^[\t\x20-\x7e]{0,4096}$/;
/** What the connection and the event themselves decide. */
const OUR_HEADERS =
  /^(host|content-(type|length|encoding)|transfer-encoding|connection|te|trailer|upgrade|expect|webhook-.*|ce-.*)$/i;

function headersAt({ key, value, findings }: Place): Readonly<Record<string, Secret>> {
  if (value === undefined) return {};
  if (!isObject(value) || Object.keys(value).length > HEADERS_MAX) {
    const shape = isObject(value) ? `an object of ${Object.keys(value).length} headers` : typeName(value);
    findings.problem(key, `is ${shape}; expected an object of at most ${HEADERS_MAX} texts by header name`);
    return {};
  }
  const headers = new Map<string, Secret>();
  for (const [name, text] of Object.entries(value) as [string, unknown][]) {
    const place = `${key}.${name.slice(0, 64)}`;
    if (!HEADER_NAME.test(name))
      findings.problem(place, 'is no name of a header; expected such as X-Api-Key');
    else if (OUR_HEADERS.test(name)) findings.problem(place, 'is set by us; expected it not to be given');
    else if (typeof text !== 'string' || !HEADER_VALUE.test(text))
      findings.problem(
        place,
        `${typeof text === 'string' ? measure(text) : `is ${typeName(text)}`}; expected a text of printable ASCII`,
      );
    else if (headers.has(name.toLowerCase())) findings.problem(place, 'is given twice; expected it once');
    else headers.set(name.toLowerCase(), secret(text));
  }
  return Object.fromEntries(headers);
}

const eventType = matching(/^[a-z.-]{0,64}\*?$/, 'a type such as failing, cycle.* or *');

function typesAt({ key, value, findings }: Place): readonly string[] {
  const types = membersOf(value, key, ['types'], { findings }).get('types') ?? [];
  if (!Array.isArray(types) || types.length > TYPES_MAX) {
    findings.problem(`${key}.types`, `is ${typeName(types)}; expected a list of at most ${TYPES_MAX} types`);
    return [];
  }
  return types.flatMap(
    (type: unknown, index) =>
      textAt({ key: `${key}.types[${index}]`, value: type, findings }, eventType, { required: true }) ?? [],
  );
}

/** Names a folder of the store: so neither `.` nor `..`. */
const endpointName = matching(
  /^(?!\.+$)[A-Za-z0-9._-]{1,64}$/,
  'a name of 1 to 64 letters, digits, dots, dashes and underscores',
);

const URL_LENGTH_MAX = 2048;

const endpointUrl: Parse<string> = (text) => {
  const expected = 'an http or https URL without credentials';
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || text.length > URL_LENGTH_MAX)
    return refuse(expected);
  if (url.username !== '' || url.password !== '')
    return refuse(`${expected}; send them as a header`, 'holds credentials');
  url.hash = '';
  return accept(url.href);
};
