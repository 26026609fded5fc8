import { secret, type Secret } from '../secret.ts';
import type { NatsSettings } from './configuration.ts';
import { codeOf } from './error-code.ts';
import type { Findings } from './findings.ts';
import { natsServers, type NatsServers } from './nats-servers.ts';
import { accept, asSecret, matching, oneOf, refuse, type Parse } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { masked } from './show.ts';

const natsUrl: Setting<NatsServers | undefined> = {
  name: 'NATS_URL',
  parse: natsServers,
  byDefault: undefined,
  secret: true,
  about: 'NATS servers, comma-separated and tried in turn, with a user and password or a token if need be.',
  show: ({ nats }) => (nats === undefined ? null : showServers(nats)),
};

const natsCreds: Setting<Secret | undefined> = {
  name: 'NATS_CREDS',
  parse: asSecret(
    matching(/^(?:-----BEGIN[^]*|\P{Cc}+)$/u, 'the path of a NATS credentials file, or its text'),
  ),
  byDefault: undefined,
  secret: true,
  about: 'Path of a NATS credentials file, or its text.',
  show: ({ nats }) => masked(nats?.credentials?.kind === 'creds' ? nats.credentials.text : undefined),
};

const natsSerialization: Setting<NatsSettings['serialization']> = {
  name: 'NATS_SERIALIZATION',
  parse: oneOf(['json', 'cbor']),
  byDefault: 'json',
  about: 'How wake-ups over NATS are written.',
  show: ({ nats }) => nats?.serialization ?? null,
};

const natsCompression: Setting<NatsSettings['compression']> = {
  name: 'NATS_COMPRESSION',
  parse: oneOf(['none', 'zstd']),
  byDefault: 'none',
  about: 'How wake-ups over NATS are compressed.',
  show: ({ nats }) => nats?.compression ?? null,
};

/** The rows of the schema that say how NATS subjects are reached. */
export const natsSettings: readonly Setting<unknown>[] = [
  natsUrl,
  natsCreds,
  natsSerialization,
  natsCompression,
];

/**
 * How NATS subjects are reached; undefined without `NATS_URL`.
 * @param readText as in `loadConfiguration`, for the file that `NATS_CREDS` names
 */
export function readNatsSettings(
  reader: SettingReader,
  findings: Findings,
  readText: (path: string) => string,
): NatsSettings | undefined {
  const url = reader.read(natsUrl);
  const named = reader.read(natsCreds) && reader.source(natsCreds);
  const creds = named && reader.parse(named, credsNamed(readText), true);
  const serialization = reader.read(natsSerialization);
  const compression = reader.read(natsCompression);
  if (reader.source(natsUrl) === undefined)
    for (const setting of [natsCreds, natsSerialization, natsCompression])
      reader.noEffect(setting, 'NATS_URL is not set, so no NATS subject can be reached');
  if (url === undefined) return undefined;
  if (url.credentials !== undefined && named !== undefined)
    findings.warn(natsUrl.name, 'the credentials in it have no effect: NATS_CREDS is set');
  const credentials = creds === undefined ? url.credentials : { kind: 'creds' as const, text: creds };
  return { servers: url.servers, credentials, serialization, compression };
}

function showServers({ servers, credentials }: NatsSettings): readonly string[] {
  if (credentials === undefined || credentials.kind === 'creds') return servers;
  return servers.map((server) => server.replace('://', '://[redacted]@'));
}

const CREDS_LENGTH_MAX = 65_536;
const CREDS =
  /-{3,}BEGIN NATS USER JWT-{3,}\n[\w.-]+\n-{3,}END[^]*-{3,}BEGIN USER NKEY SEED-{3,}\nSU[A-Z2-7]+\n-{3,}END/;

function credsNamed(readText: (path: string) => string): Parse<Secret> {
  return (text) => {
    const named = text.trim();
    let content = named;
    try {
      if (!named.startsWith('-----BEGIN')) content = readText(named);
    } catch (error) {
      const code = codeOf(error) ?? 'no code';
      return refuse(
        'the path of a readable NATS credentials file, or its text',
        `cannot be read as a file (${code})`,
      );
    }
    // As the client wants it: without carriage returns, and with a line break at the end.
    const lines = `${content.replaceAll('\r\n', '\n').trim()}\n`;
    return lines.length <= CREDS_LENGTH_MAX && CREDS.test(lines)
      ? accept(secret(lines))
      : refuse(
          'NATS credentials with a user JWT and a user seed, as nsc writes them',
          'holds something else',
        );
  };
}
