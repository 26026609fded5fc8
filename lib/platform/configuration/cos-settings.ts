import type { Secret } from '../secret.ts';
import type { CosSettings } from './configuration.ts';
import { apiKey as apiKeyText } from './credential-texts.ts';
import type { Findings } from './findings.ts';
import { hostOrOrigin, iamTokenUrl } from './network-names.ts';
import { asSecret, matching, oneOf } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { masked } from './show.ts';

const bucket: Setting<string | undefined> = {
  name: 'bucket',
  file: 'COS_STORAGE.bucket',
  parse: matching(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "a bucket's name: 3 to 63 characters of a–z 0–9 . -, a letter or digit at both ends",
  ),
  byDefault: undefined,
  about: 'Bucket in Cloud Object Storage.',
  show: ({ store }) => store.cos?.bucket ?? null,
};

const endpoint: Setting<string | undefined> = {
  name: 'endpoints',
  file: 'COS_STORAGE.endpoints',
  parse: hostOrOrigin,
  byDefault: undefined,
  about: "The bucket's endpoint: one host or URL; https unless it says otherwise.",
  show: ({ store }) => store.cos?.endpoint ?? null,
};

const resourceInstanceId: Setting<string | undefined> = {
  name: 'resource_instance_id',
  file: 'COS_STORAGE.resource_instance_id',
  parse: matching(/^[\x21-\x7e]{1,512}$/, 'printable ASCII without blanks'),
  byDefault: undefined,
  about: "The bucket's service instance.",
  show: ({ store }) => store.cos?.resourceInstanceId ?? null,
};

const authEndpoint: Setting<string> = {
  name: 'COS_auth_endpoint',
  env: ['COS_auth_endpoint', 'auth_endpoint'],
  file: 'COS_STORAGE.auth_endpoint',
  parse: iamTokenUrl,
  byDefault: 'https://iam.cloud.ibm.com/identity/token',
  about: "IAM's token URL for Cloud Object Storage.",
  show: ({ store }) => store.cos?.authEndpoint ?? null,
};

const apiKey: Setting<Secret | undefined> = {
  name: 'cos_apikey',
  file: 'COS_STORAGE.cos_apikey',
  parse: asSecret(apiKeyText),
  byDefault: undefined,
  secret: true,
  about: 'API key that may read and write the bucket.',
  show: ({ store }) =>
    store.cos?.credentials.kind === 'api-key' ? masked(store.cos.credentials.apiKey) : null,
};

const accessKeyId: Setting<string | undefined> = {
  name: 'COS_ACCESS_KEY_ID',
  parse: apiKeyText,
  byDefault: undefined,
  secret: true,
  about: 'HMAC credentials in place of an API key: the key id.',
  show: ({ store }) => (store.cos?.credentials.kind === 'hmac' ? '[redacted]' : null),
};

const secretAccessKey: Setting<Secret | undefined> = {
  name: 'COS_SECRET_ACCESS_KEY',
  parse: asSecret(apiKeyText),
  byDefault: undefined,
  secret: true,
  about: 'HMAC credentials in place of an API key: the secret key.',
  show: ({ store }) =>
    store.cos?.credentials.kind === 'hmac' ? masked(store.cos.credentials.secretAccessKey) : null,
};

const trustedProfile: Setting<string | undefined> = {
  name: 'COS_TRUSTED_PROFILE',
  parse: matching(/^\P{Cc}{1,256}$/u, 'the name or id of an IAM trusted profile'),
  byDefault: undefined,
  about: 'IAM trusted profile in place of any key.',
  show: ({ store }) =>
    store.cos?.credentials.kind === 'trusted-profile' ? store.cos.credentials.profile : null,
};

const etagQuotes: Setting<'keep' | 'strip'> = {
  name: 'COS_ETAG_QUOTES',
  parse: oneOf(['keep', 'strip']),
  byDefault: 'keep',
  about:
    "How ETags are sent back in conditions: as they came, or without quotes, as Ceph's gateway wants them.",
  show: ({ store }) => store.cos?.etagQuotes ?? null,
};

/** The rows of the schema that say where the bucket is and how to sign in. */
export const cosSettings: readonly Setting<unknown>[] = [
  bucket,
  endpoint,
  resourceInstanceId,
  authEndpoint,
  apiKey,
  accessKeyId,
  secretAccessKey,
  trustedProfile,
  etagQuotes,
];

const HMAC = 'COS_ACCESS_KEY_ID with COS_SECRET_ACCESS_KEY';
const WAY_OUT = 'or NO_COS=1 to keep registrations in a folder';

/** True if somebody means to use the bucket: more is given than the sample's `bucket` and `object_key`. */
export function cosIsMeant(reader: SettingReader): boolean {
  return [endpoint, resourceInstanceId, apiKey, accessKeyId, secretAccessKey, trustedProfile].some(
    (setting) => reader.source(setting) !== undefined,
  );
}

/** Remarks on what is given for a bucket that is not used. */
export function remarkOnUnusedCos(reader: SettingReader, why: string): void {
  for (const setting of cosSettings) {
    // The shared `auth_endpoint` may well be meant for Code Engine.
    if (reader.source(setting)?.key !== 'auth_endpoint') reader.noEffect(setting, why);
  }
}

/**
 * Where the bucket is and how to sign in. What is missing and what contradicts is reported; then the answer is undefined.
 */
export function readCosSettings(reader: SettingReader, findings: Findings): CosSettings | undefined {
  for (const [setting, what] of [
    [bucket, "the bucket's name"],
    [endpoint, "the bucket's endpoint"],
  ] as const)
    if (reader.source(setting) === undefined)
      findings.missing(
        setting.name,
        `is not set; expected ${what} beside the other settings of the bucket, ${WAY_OUT}`,
      );

  const where = { bucket: reader.read(bucket), endpoint: reader.read(endpoint) };
  const credentials = readCredentials(reader, findings);
  const settings = {
    resourceInstanceId: reader.read(resourceInstanceId),
    authEndpoint: reader.read(authEndpoint),
    etagQuotes: reader.read(etagQuotes),
  };
  if (where.bucket === undefined || where.endpoint === undefined || credentials === undefined)
    return undefined;
  if (credentials.kind === 'hmac' && reader.source(authEndpoint)?.key !== 'auth_endpoint')
    reader.noEffect(authEndpoint, 'HMAC credentials do not go through IAM');
  return { bucket: where.bucket, endpoint: where.endpoint, credentials, ...settings };
}

function readCredentials(reader: SettingReader, findings: Findings): CosSettings['credentials'] | undefined {
  const values = {
    apiKey: reader.read(apiKey),
    accessKeyId: reader.read(accessKeyId),
    secretAccessKey: reader.read(secretAccessKey),
    profile: reader.read(trustedProfile),
  };
  if (!oneKindIsGiven(reader, findings)) return undefined;
  if (values.apiKey !== undefined) return { kind: 'api-key', apiKey: values.apiKey };
  if (values.profile !== undefined) return { kind: 'trusted-profile', profile: values.profile };
  if (values.accessKeyId === undefined || values.secretAccessKey === undefined) return undefined;
  return { kind: 'hmac', accessKeyId: values.accessKeyId, secretAccessKey: values.secretAccessKey };
}

function oneKindIsGiven(reader: SettingReader, findings: Findings): boolean {
  const isGiven = (setting: Setting<unknown>): boolean => reader.source(setting) !== undefined;
  const kinds = [
    { given: isGiven(apiKey), name: apiKey.name },
    { given: isGiven(accessKeyId) || isGiven(secretAccessKey), name: HMAC },
    { given: isGiven(trustedProfile), name: trustedProfile.name },
  ];
  const [first, ...more] = kinds.filter(({ given }) => given);
  const expected = `expected exactly one of ${kinds.map(({ name }) => name).join(', ')}`;
  if (first === undefined) {
    findings.missing(apiKey.name, `is not set; ${expected}, ${WAY_OUT}`);
    return false;
  }
  for (const { name } of more)
    findings.problem(name === HMAC ? accessKeyId.name : name, `is given beside ${first.name}; ${expected}`);
  for (const [half, other] of [
    [accessKeyId, secretAccessKey],
    [secretAccessKey, accessKeyId],
  ] as const)
    if (!isGiven(half) && isGiven(other))
      findings.missing(half.name, `is not set; expected both, since ${other.name} is`);
  return more.length === 0;
}
