import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from '../registration/target.ts';
import { createTargetGuard, type TargetGuardSettings } from './target-guard.ts';

interface Vectors {
  readonly blocked: Readonly<Record<string, readonly string[]>>;
  readonly public: readonly string[];
}
const FILE = new URL('../../test/vectors/targets.json', import.meta.url);
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;

const guardWith = (settings: Partial<TargetGuardSettings> = {}) =>
  createTargetGuard({ allowHttp: false, allowTargets: [], ...settings });

/** What speaks against a target as it stands, as at registration. */
const problemOf = (notify: string, settings: Partial<TargetGuardSettings> = {}): string | undefined => {
  const parsed = parseTarget(notify);
  if (!parsed.ok) return parsed.problem;
  if (parsed.target.kind !== 'url') return 'not a URL';
  return guardWith(settings).urlProblem(parsed.target.url);
};
const PRIVATE = /^must not be a private, loopback, link-local or reserved address/;
const HTTPS = /^must use https/;

describe('a literal address', () => {
  it.each(Object.entries(VECTORS.blocked).flatMap(([kind, urls]) => urls.map((url) => [url, kind] as const)))(
    '%s is refused (%s), with http allowed as well',
    (url) => {
      expect(problemOf(url)).toBeDefined();
      expect(problemOf(url, { allowHttp: true })).toBeDefined();
    },
  );

  it.each(VECTORS.public)('%s is permitted', (url) => {
    expect(problemOf(url)).toBeUndefined();
  });

  it('of IPv4 is forbidden, or not, in whatever form IPv6 carries it', () => {
    const guard = guardWith();
    const octet = fc.nat(255);
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const plain = octets.join('.');
        const verdict = guard.addressesProblem('https:', 'x', [plain]);
        expect(guard.addressesProblem('https:', 'x', [`::ffff:${plain}`])).toBe(verdict);
        expect(guard.urlProblem(new URL(`https://[::ffff:${plain}]/`))).toBe(verdict);
        const value = octets.reduce((sum, part) => sum * 256 + part, 0);
        expect(guard.urlProblem(new URL(`https://${value}/`))).toBe(verdict);
        expect(guard.urlProblem(new URL(`https://0x${value.toString(16)}/`))).toBe(verdict);
        for (const inside of [`::${plain}`, `64:ff9b::${plain}`, `::ffff:0:${plain}`])
          expect(guard.addressesProblem('https:', 'x', [inside])).toMatch(PRIVATE);
      }),
    );
  });

  it('outside the global unicast space of IPv6 is forbidden', () => {
    const guard = guardWith();
    for (const address of [
      '::',
      '::1',
      '::2',
      'fc00::1',
      'fd00::1',
      'fe80::1%eth0',
      'fe80::1%25eth0',
      'ff02::1',
      '1fff:ffff::1',
      '100:0:0:1::1',
      '4000::1',
      '5f00::1',
      '8000::1',
      'c000::1',
      'e000::1',
      'fec0::1',
    ])
      expect(guard.addressesProblem('https:', 'x', [address])).toMatch(PRIVATE);
    for (const address of ['2000::1', '2001:200::1', '3ffe:ffff::1', '3fff:1000::1'])
      expect(guard.addressesProblem('https:', 'x', [address])).toBeUndefined();
  });

  it('of IPv6 that tunnels to IPv4 is as forbidden as where it leads', () => {
    const guard = guardWith();
    for (const mark of ['0:5efe', '200:5efe']) {
      for (const forbidden of ['10.0.0.1', '127.0.0.1', '169.254.169.254', '161.26.0.10']) {
        expect(guard.addressesProblem('https:', 'x', [`2606:4700::${mark}:${forbidden}`])).toMatch(PRIVATE);
        expect(guard.urlProblem(new URL(`https://[2606:4700::${mark}:${forbidden}]/`))).toMatch(PRIVATE);
      }
      expect(guard.addressesProblem('https:', 'x', [`2606:4700::${mark}:1.1.1.1`])).toBeUndefined();
    }
    for (const other of ['2606:4700::100:5efe:a00:1', '2606:4700::5eff:a00:1', '2606::5efe:a00:1:0:0'])
      expect(guard.addressesProblem('https:', 'x', [other])).toBeUndefined();
  });
});

describe("IBM Cloud's own networks", () => {
  it.each(['161.26.0.0', '161.26.0.10', '161.26.255.255', '166.8.0.0', '166.9.255.255', '166.11.255.255'])(
    'are private: %s',
    (address) => {
      expect(problemOf(`https://${address}/`)).toMatch(PRIVATE);
      expect(guardWith().addressesProblem('https:', 's3.private.example', [address])).toMatch(PRIVATE);
      expect(problemOf(`https://${address}/`, { allowTargets: [address] })).toBeUndefined();
    },
  );

  it.each(['161.25.255.255', '161.27.0.0', '166.7.255.255', '166.12.0.0'])('end here: %s', (address) => {
    expect(problemOf(`https://${address}/`)).toBeUndefined();
  });
});

describe('the port', () => {
  const PORT = /^must not name a port that belongs to another protocol/;
  /** As the WHATWG fetch standard lists them. */
  const BAD = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
  ];

  it('of another protocol is refused, and no other one', () => {
    const refused = Array.from({ length: 65_535 }, (_, index) => index + 1).filter((port) =>
      PORT.test(guardWith().urlProblem(new URL(`https://app.example:${port}/`)) ?? ''),
    );
    expect(refused).toEqual(BAD);
  });

  it.each(['https://1.1.1.1:25/', 'https://[2606:4700:4700::1111]:25/', 'https://app.example:00025/'])(
    'of another protocol is refused whatever the host: %s',
    (url) => expect(problemOf(url)).toMatch(PORT),
  );

  it('of another protocol is refused over http as well, and ALLOW_HTTP does not open it', () => {
    expect(problemOf('http://app.example:6379/', { allowHttp: true })).toBeUndefined();
    expect(problemOf('http://app.example:25/', { allowHttp: true })).toMatch(PORT);
  });

  it.each<[string, string, boolean]>([
    ['app.internal', 'http://app.internal:25/', true],
    ['app.internal', 'http://APP.internal.:25/', true],
    ['app.internal', 'http://x.app.internal:25/', false],
    ['10.0.0.1', 'http://10.0.0.1:25/', true],
    ['10.0.0.0/8', 'http://10.0.0.1:25/', true],
    ['::1', 'http://[::1]:25/', true],
    ['10.0.0.0/8', 'https://1.1.1.1:25/', false],
    // Its addresses are not known yet, and may be others when it is dialled.
    ['0.0.0.0/0', 'https://app.example:25/', false],
  ])('is free where ALLOW_TARGETS names the host: %s: %s is permitted: %s', (entry, url, permitted) => {
    expect(problemOf(url, { allowTargets: [entry] }) === undefined).toBe(permitted);
  });
});

describe('the addresses of a name', () => {
  it.each<[readonly string[], boolean]>([
    [['1.1.1.1'], true],
    [['1.1.1.1', '2606:4700:4700::1111'], true],
    [['1.1.1.1', '10.0.0.1'], false],
    [['10.0.0.1', '1.1.1.1'], false],
    [['2606:4700:4700::1111', '::1'], false],
    [['1.1.1.1', 'not an address'], false],
    [['1.1.1.1', ''], false],
  ])('%j: permitted is %s', (addresses, permitted) => {
    expect(guardWith().addressesProblem('https:', 'app.example', addresses) === undefined).toBe(permitted);
  });
});

describe('http', () => {
  it('is refused to public targets unless the operator allows it', () => {
    expect(problemOf('http://1.1.1.1/')).toMatch(HTTPS);
    expect(problemOf('http://1.1.1.1/', { allowHttp: true })).toBeUndefined();
    expect(guardWith().addressesProblem('http:', 'app.example', ['1.1.1.1'])).toMatch(HTTPS);
    expect(
      guardWith({ allowHttp: true }).addressesProblem('http:', 'app.example', ['1.1.1.1']),
    ).toBeUndefined();
  });

  it('does not open private addresses', () => {
    expect(problemOf('http://10.0.0.1/', { allowHttp: true })).toMatch(PRIVATE);
  });

  it.each(['ftp://1.1.1.1/', 'file:///etc/passwd', 'gopher://1.1.1.1/', 'ws://1.1.1.1/'])(
    'and https are the only schemes: %s',
    (url) => expect(guardWith().urlProblem(new URL(url))).toBe('must be an http or https URL'),
  );
});

describe('ALLOW_TARGETS', () => {
  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'https://[::ffff:10.1.2.3]/', true],
    ['10.0.0.0/8', 'https://11.0.0.1/', true],
    ['10.0.0.0/8', 'https://192.168.0.1/', false],
    ['10.1.2.3/8', 'https://10.9.9.9/', true],
    ['10.0.0.1', 'https://10.0.0.1/', true],
    ['10.0.0.1', 'https://10.0.0.2/', false],
    ['::1', 'http://[::1]:8080/', true],
    ['::1', 'http://127.0.0.1/', false],
    ['::1', 'http://[::2]/', false],
    ['127.0.0.0/8', 'http://[::1]/', false],
    ['127.0.0.0/8', 'http://2130706433/', true],
    ['fd00::/8', 'https://[fd12::1]/', true],
    ['fd00::/8', 'https://[fc12::1]/', false],
    ['4000::/16', 'http://[4000::1]/', true],
    ['4000::/16', 'https://[4001::1]/', false],
    ['2606:4700::/32', 'http://[2606:4700::5efe:10.0.0.1]/', true],
    ['2606:4700::5efe:a00:1', 'http://[2606:4700::5efe:10.0.0.1]/', true],
    // Who may be dialled may not be tunnelled to from anywhere.
    ['10.0.0.0/8', 'https://[2606:4700::5efe:10.0.0.1]/', false],
    ['::ffff:10.0.0.0/104', 'http://10.1.2.3/', true],
    ['::ffff:a00:0/104', 'http://10.1.2.3/', true],
    ['::ffff:10.0.0.0/104', 'https://[::ffff:10.1.2.3]/', true],
    ['::ffff:10.0.0.0/104', 'https://192.168.0.1/', false],
    ['::ffff:10.0.0.1/128', 'https://10.0.0.2/', false],
    ['::ffff:0.0.0.0/96', 'http://10.1.2.3/', true],
    ['::ffff:0.0.0.0/96', 'https://[fd00::1]/', false],
    ['::10.0.0.0/104', 'http://[::10.1.2.3]/', true],
    ['::10.0.0.0/104', 'https://10.1.2.3/', false],
    ['0.0.0.0/0', 'http://169.254.169.254/', true],
    ['0.0.0.0/0', 'http://[::1]/', false],
  ])('%s: %s is permitted: %s', (entry, url, permitted) => {
    expect(problemOf(url, { allowTargets: [entry] }) === undefined).toBe(permitted);
  });

  it.each<[string, boolean]>([
    ['app.svc.cluster.local', true],
    ['APP.svc.cluster.local', true],
    ['app.svc.cluster.local.', true],
    ['other.svc.cluster.local', false],
    ['x.app.svc.cluster.local', false],
    ['app.svc.cluster.local.evil.example', false],
  ])('permits a host by its whole name: %s: %s', (hostname, permitted) => {
    const guard = guardWith({ allowTargets: ['app.svc.cluster.local'] });
    expect(guard.addressesProblem('http:', hostname, ['10.0.0.1']) === undefined).toBe(permitted);
  });

  it('opens http for what it names, and for nothing beside it', () => {
    const guard = guardWith({ allowTargets: ['10.0.0.0/8'] });
    expect(guard.addressesProblem('http:', 'x', ['10.0.0.1'])).toBeUndefined();
    expect(guard.addressesProblem('http:', 'x', ['10.0.0.1', '1.1.1.1'])).toMatch(HTTPS);
    expect(guard.addressesProblem('https:', 'x', ['10.0.0.1', '1.1.1.1'])).toBeUndefined();
  });
});

describe('what is said of a refused target', () => {
  it('says what to do, and not which address it was', () => {
    const problem = guardWith().addressesProblem('https:', 'internal.example', ['10.20.30.40']);
    expect(problem).toContain('ALLOW_TARGETS');
    expect(problem).not.toContain('10.20.30.40');
  });
});
