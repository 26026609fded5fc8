import ipaddr from 'ipaddr.js';
import { accept, quote, refuse, splitList, type Parse, type Parsed } from './parse.ts';

/** Scheme, host and port of a web server. `host` is in lower case, an IPv6 address in brackets. */
export interface Origin {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** Undefined: the scheme's own. */
  readonly port: number | undefined;
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const ORIGIN = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^:/?#@[\]]+)(?::(\d{1,5}))?(\/[^?#]*)?$/i;

/** Four decimal parts, nothing shorter and no other base: `127.1` and `0x7f000001` are too easily taken for names. */
function isIPv4(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text);
}

function isIPv6(text: string): boolean {
  return text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text);
}

/** A DNS name in ASCII. The last label is no number, so that no broken address passes for a name. */
function isHostName(text: string): boolean {
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  return (
    text.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^(\d+|0x[0-9a-f]*)$/i.test(last)
  );
}

/** A host name or a literal address, without brackets, scheme or port. */
export const host: Parse<string> = (text) => {
  const name = text.trim();
  return isIPv4(name) || isIPv6(name) || isHostName(name)
    ? accept(name.toLowerCase())
    : refuse('a host name or an IP address');
};

/** Splits `[scheme://]host[:port][/path]`; undefined where a part is not valid. The path is given back as it is. */
function splitAddress(
  text: string,
): (Origin & { readonly path: string; readonly schemeGiven: boolean }) | undefined {
  const match = ORIGIN.exec(text);
  if (match === null) return undefined;
  const [, givenScheme, name = '', givenPort, path = ''] = match;
  const scheme = (givenScheme ?? 'https').toLowerCase();
  const port = givenPort === undefined ? undefined : Number(givenPort);
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const isHost = name.startsWith('[') ? isIPv6(name.slice(1, -1)) : isIPv4(name) || isHostName(name);
  if (!isHost || !/^[\x21-\x7e]*$/.test(path)) return undefined;
  return { scheme, host: name.toLowerCase(), port, path, schemeGiven: givenScheme !== undefined };
}

/** `scheme://host[:port]`, no slash at the end. */
export function formatOrigin({ scheme, host: name, port }: Origin): string {
  return `${scheme}://${name}${port === undefined ? '' : `:${port}`}`;
}

const SERVER = 'a server such as https://mq.example.com: http or https, host, an optional port, no path';

/** A web server's address; without a scheme it is https. A slash at the end is tolerated. */
export const serverOriginOrHost: Parse<Origin> = (text) => {
  const address = splitAddress(text.trim());
  if (address === undefined || (address.path !== '' && address.path !== '/')) return refuse(SERVER);
  return accept({ scheme: address.scheme, host: address.host, port: address.port });
};

/** The same, with its scheme. */
export const serverOrigin: Parse<Origin> = (text) => {
  const address = splitAddress(text.trim());
  if (address?.schemeGiven === false)
    return refuse('http:// or https:// before the host', `is ${quote(text)}, without a scheme`);
  return serverOriginOrHost(text);
};

const ON_THIS_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);

/**
 * The origin of web pages or of what they ask, as browsers write it: https, on loopback http too. It becomes part of a
 * content security policy, whose grammar has neither IPv6 addresses nor underscores.
 */
export const pageOrigin: Parse<string> = (text) => {
  const server = serverOrigin(text);
  if (!server.ok) return server;
  const { scheme, host: name } = server.value;
  const url = formatOrigin(server.value);
  const isSafe = scheme === 'https' ? /^[a-z0-9.-]+$/.test(name) : ON_THIS_MACHINE.has(name);
  return isSafe && URL.canParse(url)
    ? accept(new URL(url).origin)
    : refuse('an https origin such as https://register.example.com; http on 127.0.0.1 or localhost only');
};

/** A host or a web server's address; without a scheme it is https. As `scheme://host[:port]`. */
export const hostOrOrigin: Parse<string> = (text) => {
  const server = serverOriginOrHost(text);
  return server.ok
    ? accept(formatOrigin(server.value))
    : refuse('one host or URL, such as s3.eu-de.cloud-object-storage.appdomain.cloud');
};

const TOKEN_PATH = '/identity/token';

function iamAddress(text: string, shape: (path: string) => string): Parsed<string> {
  const address = splitAddress(text.trim());
  if (address === undefined || !address.schemeGiven) return refuse('a URL such as https://iam.cloud.ibm.com');
  return accept(formatOrigin(address) + shape(address.path.replace(/\/+$/, '')));
}

/** IAM's address as the full token URL: without a path, IAM's own is added. */
export const iamTokenUrl: Parse<string> = (text) =>
  iamAddress(text, (path) => (path === '' ? TOKEN_PATH : path));

/** IAM's address as the base URL: the token path, where it is given, is taken away. */
export const iamBaseUrl: Parse<string> = (text) =>
  iamAddress(text, (path) => (path.endsWith(TOKEN_PATH) ? path.slice(0, -TOKEN_PATH.length) : path));

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

/** Comma-separated host names, addresses and CIDR blocks, in lower case; the single word `none` is the empty list. */
export const targets: Parse<readonly string[]> = (text) => {
  const expected =
    'host names, IP addresses or CIDR blocks such as 10.0.0.0/8, comma-separated, or none alone';
  const entries = splitList(text).map((entry) => entry.toLowerCase());
  if (entries.length === 1 && entries[0] === 'none') return accept([]);
  const wrong = entries.findIndex((entry) => entry === 'none' || !(host(entry).ok || isCidr(entry)));
  return wrong < 0
    ? accept(entries)
    : refuse(expected, `entry ${wrong + 1} is ${quote(entries[wrong] ?? '')}`);
};
