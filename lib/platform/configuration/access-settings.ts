import type { Secret } from '../secret.ts';
import type { AccessSettings } from './configuration.ts';
import type { Findings } from './findings.ts';
import { matching, secretListOf, switchOn } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { maskedList } from './show.ts';

const tokens = secretListOf(
  matching(/^[\x21-\x2b\x2d-\x7e]{16,}$/, 'at least 16 characters of printable ASCII without blanks'),
);

const registerTokens: Setting<readonly Secret[]> = {
  name: 'REGISTER_TOKENS',
  parse: tokens,
  byDefault: [],
  secret: true,
  about: 'Comma-separated bearer tokens for /register.',
  show: ({ access }) => maskedList(access.registerTokens),
};

const adminTokens: Setting<readonly Secret[]> = {
  name: 'ADMIN_TOKENS',
  parse: tokens,
  byDefault: [],
  secret: true,
  about: 'Comma-separated bearer tokens for everything.',
  show: ({ access }) => maskedList(access.adminTokens),
};

const allowAnonymous: Setting<boolean> = {
  name: 'ALLOW_ANONYMOUS',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: serve without tokens beyond loopback.',
  show: ({ access }) => access.allowAnonymous,
};

/** The rows of the schema that say who may call. */
export const accessSettings: readonly Setting<unknown>[] = [registerTokens, adminTokens, allowAnonymous];

/** Who may call. */
export function readAccessSettings(reader: SettingReader, findings: Findings): AccessSettings {
  const settings: AccessSettings = {
    registerTokens: reader.read(registerTokens),
    adminTokens: reader.read(adminTokens),
    allowAnonymous: reader.read(allowAnonymous),
  };
  const admin = new Set(settings.adminTokens.map((entry) => entry.reveal()));
  if (settings.registerTokens.some((entry) => admin.has(entry.reveal())))
    findings.warn(
      registerTokens.name,
      'shares a token with ADMIN_TOKENS: whoever may register may do everything',
    );
  return settings;
}
