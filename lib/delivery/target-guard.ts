import ipaddr from 'ipaddr.js';

/**
 * Which addresses may be dialled. A wake-up is sent where a caller wants it, from inside a network that the caller may
 * not see: so only public addresses, and what the operator permits by name or CIDR.
 */
export interface TargetGuard {
  /** What is wrong with a URL as it stands (scheme, literal address, port), or `undefined`. Host names are judged by their addresses. */
  readonly urlProblem: (url: URL) => string | undefined;
  /**
   * What is wrong with the addresses that a host name has, or `undefined`. One forbidden address spoils all: otherwise
   * the one that is dialled would be a matter of luck.
   */
  readonly addressesProblem: (
    scheme: string,
    hostname: string,
    addresses: readonly string[],
  ) => string | undefined;
}

export interface TargetGuardSettings {
  /** Public targets may be spoken to without TLS. */
  readonly allowHttp: boolean;
  /** Host names, addresses and CIDRs that are permitted although private, over http and on refused ports as well. */
  readonly allowTargets: readonly string[];
}

/**
 * Networks that are nobody's public address: special-use registries of IANA, metadata services among them. Of IPv6 only
 * 2000::/3 is given out for public use: all the rest is forbidden (the third line), and what is special inside of it (the
 * fourth). The last line is where IBM Cloud keeps what is reached from inside only: name servers, and the private
 * endpoints of its services.
 */
const FORBIDDEN = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  '::/3 4000::/2 8000::/1',
  '2001::/23 2001:db8::/32 2002::/16 3fff::/20',
  '161.26.0.0/16 166.8.0.0/14',
]
  .join(' ')
  .split(' ')
  .map(networkOf);

/** The "bad ports" of the WHATWG fetch standard: what listens there speaks no HTTP, and could take a request for its own. */
const REFUSED_PORTS: ReadonlySet<string> = new Set(
  [
    '1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123',
    '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990',
    '993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080',
  ]
    .join(' ')
    .split(' '),
);

/** A network as the table writes it. Every instance does this when it starts, and `parseCIDR` would take milliseconds. */
function networkOf(cidr: string): Network {
  const [address = '', bits] = cidr.split('/');
  if (!address.includes(':')) return [new ipaddr.IPv4(address.split('.').map(Number)), Number(bits)];
  const groups = address.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)]));
  return [new ipaddr.IPv6(Array.from({ length: 8 }, (_, at) => groups[at] ?? 0)), Number(bits)];
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** What no address can do without: a colon, or a last part that begins with a digit. Parsing a name to find that out is dear. */
const LIKE_AN_ADDRESS = /:|(?:^|\.)\d[^.]*$/;

/** An address in any spelling, an IPv4 address inside IPv6 taken out. Zone ids are cut off. */
function parseAddress(text: string): Address | undefined {
  const bare = hexadecimalTail(text.replace(/^\[|\]$/g, '').split('%', 1)[0] ?? '');
  return LIKE_AN_ADDRESS.test(bare) && ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

/** IPv6 without dots: `::11.0.0.1` would be read as the IPv4 address, although another one is dialled. */
function hexadecimalTail(text: string): string {
  return text.replace(/:(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) => {
    const half = (high: string, low: string): string => (Number(high) * 256 + Number(low)).toString(16);
    return `:${half(a, b)}:${half(c, d)}`;
  });
}

function isIn(address: Address, networks: readonly Network[]): boolean {
  return networks.some(
    ([network, bits]) => address.kind() === network.kind() && address.match([network, bits]),
  );
}

/** What stands before the IPv4 address in an interface id of ISATAP (RFC 5214), with and without its "universal" bit. */
const ISATAP_MARKS: ReadonlySet<string> = new Set(['0.0.94.254', '2.0.94.254']);

/** The IPv4 address to which an address of ISATAP leads, in whatever network: a router may tunnel what is sent there. */
function tunnelEnd(address: Address): Address | undefined {
  const bytes = address.toByteArray();
  return ISATAP_MARKS.has(bytes.slice(8, 12).join('.')) ? ipaddr.fromByteArray(bytes.slice(12)) : undefined;
}

function isForbidden(address: Address): boolean {
  const end = tunnelEnd(address);
  return isIn(address, FORBIDDEN) || (end !== undefined && isIn(end, FORBIDDEN));
}

const HTTP_REFUSED = 'must use https (ALLOW_HTTP permits http to public targets, ALLOW_TARGETS names others)';
const PRIVATE_REFUSED =
  'must not be a private, loopback, link-local or reserved address (ALLOW_TARGETS names what is permitted)';
const PORT_REFUSED =
  'must not name a port that belongs to another protocol, as 22 or 25 do (ALLOW_TARGETS names hosts where any port is permitted)';

export function createTargetGuard(settings: TargetGuardSettings): TargetGuard {
  const hosts = new Set<string>();
  const networks: Network[] = [];
  for (const entry of settings.allowTargets) {
    const network = parseNetwork(entry);
    if (network === undefined) hosts.add(normalHost(entry));
    else networks.push(network);
  }

  const addressesProblem: TargetGuard['addressesProblem'] = (scheme, hostname, addresses) => {
    if (hosts.has(normalHost(hostname))) return undefined;
    for (const text of addresses) {
      const address = parseAddress(text);
      if (address === undefined) return PRIVATE_REFUSED;
      if (isIn(address, networks)) continue;
      if (isForbidden(address)) return PRIVATE_REFUSED;
      if (scheme !== 'https:' && !settings.allowHttp) return HTTP_REFUSED;
    }
    return undefined;
  };

  const isNamed = (hostname: string, literal: Address | undefined): boolean =>
    hosts.has(normalHost(hostname)) || (literal !== undefined && isIn(literal, networks));

  return {
    addressesProblem,
    urlProblem: (url) => {
      if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an http or https URL';
      const literal = parseAddress(url.hostname);
      if (literal !== undefined) {
        const problem = addressesProblem(url.protocol, url.hostname, [url.hostname]);
        if (problem !== undefined) return problem;
      }
      return REFUSED_PORTS.has(url.port) && !isNamed(url.hostname, literal) ? PORT_REFUSED : undefined;
    },
  };
}

/** Bits before the IPv4 address in `::ffff:0:0/96`. */
const MAPPED_BITS = 96;

/** A CIDR, or an address as the network of this one. IPv4 inside IPv6 is taken out, as it is of what is compared with it. */
function parseNetwork(entry: string): Network | undefined {
  const cidr = entry.replace(/^[^/]*/, (address) => hexadecimalTail(address));
  if (!ipaddr.isValidCIDR(cidr)) {
    const address = parseAddress(entry);
    return address === undefined ? undefined : [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  const [network, bits] = ipaddr.parseCIDR(cidr);
  if (bits >= MAPPED_BITS && network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress())
    return [network.toIPv4Address(), bits - MAPPED_BITS];
  return [network, bits];
}

function normalHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
