import { formatDuration } from '../duration.ts';
import { secret, type Secret } from '../secret.ts';
import type { CodeEngineSettings } from './configuration.ts';
import { apiKey } from './credential-texts.ts';
import type { Findings } from './findings.ts';
import { iamBaseUrl } from './network-names.ts';
import { accept, asSecret, listOf, matching, minutes, refuse, type Parse } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { masked } from './show.ts';

const MINUTE_MS = 60_000;

const region = matching(/^[a-z0-9][a-z0-9-]{0,62}$/i, 'a region such as eu-de');
const regionNames = listOf(region);

/** Each region once, in lower case: it becomes part of a host name. */
const regions: Parse<readonly string[]> = (text) => {
  const parsed = regionNames(text);
  return parsed.ok ? accept([...new Set(parsed.value.map((name) => name.toLowerCase()))]) : parsed;
};

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A base URL that may hold `{region}`; no slash at the end. It is sent a token, so over http only on this machine. */
const apiUrl: Parse<string> = (text) => {
  const base = text.trim().replace(/\/+$/, '');
  const filled = base.replaceAll('{region}', 'region');
  const url =
    /^https?:\/\/[^\s\\{}@?#]+$/i.test(filled) && URL.canParse(filled) ? new URL(filled) : undefined;
  return url?.protocol === 'https:' || (url !== undefined && LOOPBACK.test(url.hostname))
    ? accept(base)
    : refuse('an https URL such as https://api.{region}.codeengine.cloud.ibm.com/v2; http on loopback only');
};

const ceApiKey: Setting<Secret | undefined> = {
  name: 'ce_apikey',
  file: 'CODE_ENGINE.ce_apikey',
  parse: asSecret(apiKey),
  byDefault: undefined,
  secret: true,
  about: 'API key that may start job runs.',
  show: ({ codeEngine: { credentials } }) =>
    credentials?.kind === 'api-key' ? masked(credentials.apiKey) : null,
};

const trustedProfile: Setting<string | undefined> = {
  name: 'CE_TRUSTED_PROFILE',
  file: 'CODE_ENGINE.trusted_profile',
  parse: matching(/^\P{Cc}{1,256}$/u, 'the name or id of an IAM trusted profile'),
  byDefault: undefined,
  about: 'IAM trusted profile that may start job runs, in place of an API key.',
  show: ({ codeEngine: { credentials } }) =>
    credentials?.kind === 'trusted-profile' ? credentials.profile : null,
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

const apiEndpoint: Setting<string> = {
  name: 'CE_API_ENDPOINT',
  parse: apiUrl,
  byDefault: 'https://api.{region}.codeengine.cloud.ibm.com/v2',
  about: "Code Engine's API; {region} stands for the region that is asked.",
  show: ({ codeEngine }) => codeEngine.apiEndpoint,
};

const projectId: Setting<string | undefined> = {
  name: 'CE_PROJECT_ID',
  parse: matching(/^[a-z0-9][a-z0-9-]{0,127}$/i, "a project's id"),
  byDefault: undefined,
  about: 'The project whose jobs are looked for first; the platform sets it.',
  show: ({ codeEngine }) => codeEngine.ownProject?.id ?? null,
};

const projectRegion: Setting<string | undefined> = {
  name: 'CE_REGION',
  parse: region,
  byDefault: undefined,
  about: "That project's region; the platform sets it.",
  show: ({ codeEngine }) => codeEngine.ownProject?.region ?? null,
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
  trustedProfile,
  ceAuthEndpoint,
  clientId,
  clientSecret,
  apiEndpoint,
  projectId,
  projectRegion,
  regionList,
  ceRefreshInterval,
];

/** How job runs are started. What contradicts is reported. */
export function readCodeEngineSettings(reader: SettingReader, findings: Findings): CodeEngineSettings {
  const settings: CodeEngineSettings = {
    credentials: readCredentials(reader, findings),
    authEndpoint: reader.read(ceAuthEndpoint),
    clientId: reader.read(clientId),
    clientSecret: reader.read(clientSecret),
    apiEndpoint: reader.read(apiEndpoint),
    ownProject: readOwnProject(reader),
    regions: reader.read(regionList),
    refreshIntervalMs: reader.read(ceRefreshInterval),
  };
  const { ownProject, regions: named } = settings;
  if (named.length === 0 && ownProject === undefined)
    for (const setting of [ceApiKey, trustedProfile])
      reader.noEffect(setting, 'no regions are set, so no job can be found');
  if (reader.source(ceApiKey) === undefined && reader.source(trustedProfile) === undefined)
    for (const setting of [regionList, clientId, clientSecret, apiEndpoint, ceRefreshInterval])
      reader.noEffect(
        setting,
        `neither ${ceApiKey.name} nor ${trustedProfile.name} is set, so no job can be started`,
      );
  return settings;
}

function readCredentials(reader: SettingReader, findings: Findings): CodeEngineSettings['credentials'] {
  const key = reader.read(ceApiKey);
  const profile = reader.read(trustedProfile);
  const given = reader.source(trustedProfile);
  if (given !== undefined && reader.source(ceApiKey) !== undefined)
    findings.problem(
      given.key,
      `is given beside ${ceApiKey.name}; expected one of ${ceApiKey.name}, ${trustedProfile.name}`,
    );
  if (key !== undefined) return { kind: 'api-key', apiKey: key };
  return profile === undefined ? undefined : { kind: 'trusted-profile', profile };
}

/** Half of it says nothing: only the platform sets either, and it sets both. */
function readOwnProject(reader: SettingReader): CodeEngineSettings['ownProject'] {
  const id = reader.read(projectId);
  const ownRegion = reader.read(projectRegion)?.toLowerCase();
  if (id === undefined) reader.noEffect(projectRegion, `${projectId.name} is not set`);
  if (ownRegion === undefined) reader.noEffect(projectId, `${projectRegion.name} is not set`);
  return id === undefined || ownRegion === undefined ? undefined : { id, region: ownRegion };
}
