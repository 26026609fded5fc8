import { secret } from '../secret.ts';
import type { NatsSettings } from './configuration.ts';
import { formatOrigin, serverOrigin } from './network-names.ts';
import { accept, refuse, splitList, type Parse } from './parse.ts';

/** The servers without the credentials that stood in their URLs. */
export type NatsServers = Pick<NatsSettings, 'servers' | 'credentials'>;

const SERVER = /^(nats|tls|ws|wss):\/\/(?:(.*)@)?([^@/?#]+)(\/[!-~]*)?$/is;
const EXPECTED =
  'URLs such as nats://user:password@nats.example.com:4222, comma-separated, all nats://, tls://, ws:// or wss://';

interface ServerUrl {
  readonly scheme: string;
  readonly userInfo: string;
  readonly url: string;
}

/**
 * Comma-separated URLs. Reserved characters of user and password are percent-encoded. They stand in one of the URLs at
 * least, and are the same in all that have any; a single word before the `@` is a token.
 */
export const natsServers: Parse<NatsServers> = (text) => {
  const servers: ServerUrl[] = [];
  for (const [index, entry] of splitList(text).entries()) {
    const server = parseServer(entry);
    // An entry is not quoted: what is wrong with it may be where its password begins.
    if (server === undefined) return refuse(EXPECTED, `entry ${index + 1} is not such a URL`);
    servers.push(server);
  }
  if (new Set(servers.map(({ scheme }) => scheme)).size !== 1)
    return refuse(EXPECTED, 'holds URLs of more than one scheme, or none at all');
  const [userInfo = '', ...others] = new Set(servers.map((one) => one.userInfo).filter((one) => one !== ''));
  if (others.length > 0) return refuse('the same credentials in all URLs', 'holds several credentials');
  const credentials = parseUserInfo(userInfo);
  if (credentials === 'malformed') return refuse(EXPECTED, 'holds credentials that cannot be read');
  return accept({ servers: [...new Set(servers.map(({ url }) => url))], credentials });
};

function parseServer(text: string): ServerUrl | undefined {
  const [, givenScheme = '', userInfo = '', authority = '', path = ''] = SERVER.exec(text) ?? [];
  const scheme = givenScheme.toLowerCase();
  const origin = serverOrigin(`https://${authority}`);
  const isWebSocket = scheme.startsWith('ws');
  if (!origin.ok || scheme === '' || (path.length > 1 && !isWebSocket)) return undefined;
  const url = formatOrigin(origin.value).replace('https', scheme) + (path.length > 1 ? path : '');
  return { scheme, userInfo, url };
}

function parseUserInfo(userInfo: string): NatsSettings['credentials'] | 'malformed' {
  if (userInfo === '') return undefined;
  const [first, second, ...more] = userInfo.split(':').map(decode);
  if (first === undefined || more.length > 0) return 'malformed';
  if (!userInfo.includes(':')) return { kind: 'token', token: secret(first) };
  return second === undefined ? 'malformed' : { kind: 'password', user: first, password: secret(second) };
}

function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return /^\P{Cc}+$/u.test(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}
