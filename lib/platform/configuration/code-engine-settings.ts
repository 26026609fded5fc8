import { formatDuration } from '../duration.ts';
import { secret, type Secret } from '../secret.ts';
import type { CodeEngineSettings } from './configuration.ts';
import { iamBaseUrl } from './network-names.ts';
import { accept, asSecret, listOf, matching, minutes, type Parse } from './parse.ts';
import { apiKey } from './credential-texts.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { masked } from './show.ts';

const MINUTE_MS = 60_000;

const regionNames = listOf(matching(/^[a-z0-9][a-z0-9-]{0,62}$/i, 'a region such as eu-de'));

/** Each region once, in lower case: it becomes part of a host name. */
const regions: Parse<readonly string[]> = (text) => {
  const parsed = regionNames(text);
  return parsed.ok ? accept([...new Set(parsed.value.map((name) => name.toLowerCase()))]) : parsed;
};

const ceApiKey: Setting<Secret | undefined> = {
  name: 'ce_apikey',
  file: 'CODE_ENGINE.ce_apikey',
  parse: asSecret(apiKey),
  byDefault: undefined,
  secret: true,
  about: 'API key that may start job runs.',
  show: ({ codeEngine }) => masked(codeEngine.apiKey),
};

const ceAuthEndpoint: Setting<string> = {
  name: 'CE_auth_endpoint',
  env: ['CE_auth_endpoint', 'auth_endpoint'],
  file: 'CODE_ENGINE.auth_endpoint',
  parse: iamBaseUrl,
  byDefault: 'https://iam.cloud.ibm.com',
  about: "IAM's base URL for Code Engine.",
  show: ({ codeEngine }) => codeEngine.authEndpoint,
};

const clientId: Setting<string> = {
  name: 'client_id',
  file: 'CODE_ENGINE.client_id',
  parse: matching(/^[^:\s\p{Cc}]+$/u, 'a text without blanks and colons'),
  byDefault: 'bx',
  about: "IAM's client for Code Engine.",
  show: ({ codeEngine }) => codeEngine.clientId,
};

const clientSecret: Setting<Secret> = {
  name: 'client_secret',
  file: 'CODE_ENGINE.client_secret',
  parse: asSecret(matching(/^\P{Cc}+$/u, 'a text without control characters')),
  byDefault: secret('bx'),
  secret: true,
  about: "The secret of IAM's client.",
  show: ({ codeEngine }) => masked(codeEngine.clientSecret),
};

const regionList: Setting<readonly string[]> = {
  name: 'regions',
  file: 'CODE_ENGINE.regions',
  parse: regions,
  byDefault: [],
  about: 'Regions whose jobs may be started, comma-separated; replaces the list of env.json.',
  show: ({ codeEngine }) => codeEngine.regions,
};

const ceRefreshInterval: Setting<number> = {
  name: 'CE_REFRESH_INTERVAL',
  parse: minutes,
  byDefault: 10 * MINUTE_MS,
  underTest: 5 * MINUTE_MS,
  about: 'Minutes that the list of jobs is kept.',
  show: ({ codeEngine }) => formatDuration(codeEngine.refreshIntervalMs),
};

/** The rows of the schema that say how job runs are started. */
export const codeEngineSettings: readonly Setting<unknown>[] = [
  ceApiKey,
  ceAuthEndpoint,
  clientId,
  clientSecret,
  regionList,
  ceRefreshInterval,
];

/** How job runs are started. */
export function readCodeEngineSettings(reader: SettingReader): CodeEngineSettings {
  const settings: CodeEngineSettings = {
    apiKey: reader.read(ceApiKey),
    authEndpoint: reader.read(ceAuthEndpoint),
    clientId: reader.read(clientId),
    clientSecret: reader.read(clientSecret),
    regions: reader.read(regionList),
    refreshIntervalMs: reader.read(ceRefreshInterval),
  };
  if (settings.regions.length === 0) reader.noEffect(ceApiKey, 'no regions are set, so no job can be found');
  if (reader.source(ceApiKey) === undefined)
    for (const setting of [regionList, clientId, clientSecret, ceRefreshInterval])
      reader.noEffect(setting, 'ce_apikey is not set, so no job can be started');
  return settings;
}
