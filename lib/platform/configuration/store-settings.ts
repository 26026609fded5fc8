import type { Secret } from '../secret.ts';
import type { StoreSettings } from './configuration.ts';
import { cosIsMeant, cosSettings, readCosSettings, remarkOnUnusedCos } from './cos-settings.ts';
import type { Findings } from './findings.ts';
import { accept, matching, oneOf, refuse, secretListOf, switchOn, type Parse } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { maskedList } from './show.ts';

const isPath = (text: string): boolean =>
  text.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

const PREFIX_LENGTH_MAX = 200;

/** Segments of plain characters; ends in `/`. A single `/` stands for no prefix at all. */
const keyPrefix: Parse<string> = (text) => {
  const prefix = text.trim();
  if (prefix === '/') return accept('');
  const path = prefix.replace(/\/$/, '');
  return /^[A-Za-z0-9._/-]+$/.test(path) && path.length < PREFIX_LENGTH_MAX && isPath(path)
    ? accept(`${path}/`)
    : refuse(
        `A–Z a–z 0–9 . _ - in segments divided by single slashes, none at the start, under ${PREFIX_LENGTH_MAX} characters; or / for none`,
      );
};

const KEY_BYTES_MAX = 1_024;

const objectKeyText: Parse<string> = (text) => {
  const key = text.trim();
  return !/\p{Cc}/u.test(key) && new TextEncoder().encode(key).length <= KEY_BYTES_MAX && isPath(key)
    ? accept(key)
    : refuse(`a key of at most ${KEY_BYTES_MAX} bytes, no control characters, no empty, . or .. segments`);
};

const noCos: Setting<boolean> = {
  name: 'NO_COS',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: do not use the bucket.',
  show: ({ store }) => store.kind !== 'cos',
};

const storeKind: Setting<StoreSettings['kind'] | undefined> = {
  name: 'STORE',
  parse: oneOf(['cos', 'file', 'memory']),
  byDefault: undefined,
  about:
    'Where registrations are kept: cos, file or memory. By default cos if a bucket is configured, else file.',
  show: ({ store }) => store.kind,
};

const storePrefix: Setting<string> = {
  name: 'STORE_PREFIX',
  parse: keyPrefix,
  byDefault: 'mq-observer/',
  about: 'Key prefix of everything that is kept.',
  show: ({ store }) => store.prefix,
};

const dataDir: Setting<string> = {
  name: 'DATA_DIR',
  parse: matching(/^\P{Cc}+$/u, 'a path'),
  byDefault: './data',
  about: "The embedded store's folder.",
  show: ({ store }) => store.dataDir,
};

const objectKey: Setting<string | undefined> = {
  name: 'object_key',
  file: 'COS_STORAGE.object_key',
  parse: objectKeyText,
  byDefault: undefined,
  about: 'Key of the document that the original reads and writes.',
  show: ({ store }) => store.originalKey ?? null,
};

// 43 characters of base64 hold two bits more than 32 bytes, which are zero.
const encryptionKeys: Setting<readonly Secret[]> = {
  name: 'ENCRYPTION_KEYS',
  parse: secretListOf(
    matching(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'base64 of 32 bytes (44 characters)'),
  ),
  byDefault: [],
  secret: true,
  about: 'Keys for delivery headers at rest, comma-separated: the first encrypts, all decrypt.',
  show: ({ store }) => maskedList(store.encryptionKeys),
};

/** The rows of the schema that say where registrations are kept. */
export const storeSettings: readonly Setting<unknown>[] = [
  storeKind,
  noCos,
  storePrefix,
  dataDir,
  objectKey,
  encryptionKeys,
  ...cosSettings,
];

/** Where registrations are kept. */
export function readStoreSettings(reader: SettingReader, findings: Findings): StoreSettings {
  // Every text is looked at, also for a store that is not used: a mistake is a mistake.
  for (const setting of cosSettings) reader.read(setting);
  const kind = chooseKind(reader, findings);
  if (kind !== 'file') reader.noEffect(dataDir, `registrations are kept in ${kind}`);
  const settings: StoreSettings = {
    kind,
    prefix: reader.read(storePrefix),
    dataDir: reader.read(dataDir),
    cos: kind === 'cos' ? readCosSettings(reader, findings) : undefined,
    originalKey: reader.read(objectKey),
    encryptionKeys: reader.read(encryptionKeys),
  };
  const { prefix, originalKey } = settings;
  if (prefix !== '' && originalKey?.startsWith(prefix) === true)
    findings.problem(
      reader.source(objectKey)?.key ?? objectKey.name,
      `lies under STORE_PREFIX (${prefix}), among what is kept there; expected a key outside of it`,
    );
  return settings;
}

function chooseKind(reader: SettingReader, findings: Findings): StoreSettings['kind'] {
  const asked = reader.read(storeKind);
  const isOff = reader.read(noCos);
  if (asked === 'cos' && isOff)
    findings.problem(storeKind.name, 'is "cos" while NO_COS is on; expected only one of the two');
  if (asked !== undefined) {
    if (asked !== 'cos' && !isOff) remarkOnUnusedCos(reader, `STORE is ${asked}`);
    return asked;
  }
  // Switched off on purpose: nothing to remark.
  if (isOff) return 'file';
  if (cosIsMeant(reader)) return 'cos';
  remarkOnUnusedCos(reader, 'no endpoint and no credentials are set, so registrations are kept in a folder');
  return 'file';
}
