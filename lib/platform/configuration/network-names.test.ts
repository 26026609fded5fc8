import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  host,
  hostOrOrigin,
  iamBaseUrl,
  iamTokenUrl,
  pageOrigin,
  serverOrigin,
  targets,
} from './network-names.ts';

describe('host', () => {
  it.each([
    'localhost',
    'mq.example.com',
    'my_service',
    '127.0.0.1',
    '::1',
    'fe80::1',
    '0.0.0.0',
    '::',
    'a-b.c1',
  ])('takes %s', (text) => expect(host(text)).toEqual({ ok: true, value: text }));

  it('writes names in lower case', () => {
    expect(host(' MQ.Example.COM ')).toEqual({ ok: true, value: 'mq.example.com' });
  });

  it.each([
    '127.1',
    '256.1.1.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    'a..b',
    '.a',
    'a.',
    '-a.b',
    'a-.b',
    'a b',
    'a:80',
    '[::1]',
    'http://a',
    'bücher.example',
    '*.example.com',
    'fe80::1%eth0',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(130)}b`,
  ])('refuses %s', (text) => expect(host(text).ok).toBe(false));
});

describe('serverOrigin', () => {
  it.each([
    ['https://mq.example.com', { scheme: 'https', host: 'mq.example.com', port: undefined }],
    ['HTTPS://MQ.example.com/', { scheme: 'https', host: 'mq.example.com', port: undefined }],
    ['http://127.0.0.1:9080', { scheme: 'http', host: '127.0.0.1', port: 9080 }],
    ['https://[::1]:9443/', { scheme: 'https', host: '[::1]', port: 9443 }],
  ])('splits %s', (text, value) => expect(serverOrigin(text)).toEqual({ ok: true, value }));

  it('says so when the scheme is missing', () => {
    expect(serverOrigin('mq.example.com')).toEqual({
      ok: false,
      given: 'is "mq.example.com", without a scheme',
      expected: 'http:// or https:// before the host',
    });
  });

  it.each([
    'ftp://mq.example.com',
    'https://mq.example.com/path',
    'https://mq.example.com?x=1',
    'https://user:password@mq.example.com',
    'https://mq.example.com:0',
    'https://mq.example.com:65536',
    'https://mq.example.com:',
    'https://',
    'https://mq example.com',
    'https://127.1',
    'https:/mq.example.com',
    'https://[::1',
    'https://[zz]',
  ])('refuses %s', (text) => expect(serverOrigin(text).ok).toBe(false));
});

describe('hostOrOrigin', () => {
  it.each([
    ['s3.eu-de.example.com', 'https://s3.eu-de.example.com'],
    ['s3.example.com:8333', 'https://s3.example.com:8333'],
    ['http://127.0.0.1:7480/', 'http://127.0.0.1:7480'],
  ])('writes %s as %s', (text, value) => expect(hostOrOrigin(text)).toEqual({ ok: true, value }));

  it.each(['a,b', 'https://a/path', 'ftp://a', 'a/b', 'user@a', '9443'])('refuses %s', (text) =>
    expect(hostOrOrigin(text).ok).toBe(false),
  );
});

describe('the addresses of IAM', () => {
  it.each([
    ['https://iam.example.com', 'https://iam.example.com/identity/token', 'https://iam.example.com'],
    ['https://iam.example.com/', 'https://iam.example.com/identity/token', 'https://iam.example.com'],
    [
      'https://iam.example.com/identity/token',
      'https://iam.example.com/identity/token',
      'https://iam.example.com',
    ],
    ['https://proxy:8080/iam', 'https://proxy:8080/iam', 'https://proxy:8080/iam'],
    ['https://proxy/iam/identity/token/', 'https://proxy/iam/identity/token', 'https://proxy/iam'],
  ])('takes %s, whichever of the two it is', (text, tokenUrl, baseUrl) => {
    expect(iamTokenUrl(text)).toEqual({ ok: true, value: tokenUrl });
    expect(iamBaseUrl(text)).toEqual({ ok: true, value: baseUrl });
  });

  it.each(['iam.example.com', 'https://iam.example.com/a b', 'https://iam.example.com?x', 'https://a@b'])(
    'refuses %s',
    (text) => expect([iamTokenUrl(text).ok, iamBaseUrl(text).ok]).toEqual([false, false]),
  );
});

describe('the origin of a page', () => {
  it.each([
    ['https://Register.Example', 'https://register.example'],
    [' https://register.example:443/ ', 'https://register.example'],
    ['https://register.example:8443', 'https://register.example:8443'],
    ['http://127.0.0.1:80', 'http://127.0.0.1'],
    ['http://localhost:8080', 'http://localhost:8080'],
  ])('reads %j as browsers write it', (text, value) => expect(pageOrigin(text)).toEqual({ ok: true, value }));

  it.each([
    '*',
    'null',
    'register.example',
    'http://register.example',
    'http://localhost.example',
    'https://[::1]:8080',
    'https://register.example/path',
    'https://*.example',
    "https://register.example 'unsafe-inline'",
    'https://register.example;script-src',
    'https://register.example"><script>',
    'https://user@register.example',
    'https://a.example,https://b.example',
    'https://xn--a',
    'https://my_register.example',
    'data:',
  ])('refuses %j', (text) => expect(pageOrigin(text).ok).toBe(false));

  it('holds nothing that ends a directive, an attribute or a source, whatever the text', () => {
    const text = fc.oneof(
      fc.webUrl(),
      fc.domain().map((name) => `https://${name}`),
      fc
        .string({ unit: fc.constantFrom(...Array.from('ab.:/-_*;\'" <>@,\n')) })
        .map((rest) => `https://a.example${rest}`),
    );
    fc.assert(
      fc.property(text, (given) => {
        const parsed = pageOrigin(given);
        if (parsed.ok) expect(parsed.value).toMatch(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/);
      }),
    );
  });
});

describe('targets', () => {
  it.each([
    ['none', []],
    [' NONE ', []],
    [',', []],
    [
      '10.0.0.0/8, ::1 ,Svc.Internal,192.168.1.7,fd00::/8',
      ['10.0.0.0/8', '::1', 'svc.internal', '192.168.1.7', 'fd00::/8'],
    ],
    ['0.0.0.0/0', ['0.0.0.0/0']],
  ])('reads %j', (text, value) => expect(targets(text)).toEqual({ ok: true, value }));

  it.each([
    ['a,none', 'entry 2 is "none"'],
    ['10.0.0.0/33', 'entry 1 is "10.0.0.0/33"'],
    ['a, 10.1/16', 'entry 2 is "10.1/16"'],
    ['fd00::/129', 'entry 1 is "fd00::/129"'],
    ['10.0.0.0/', 'entry 1 is "10.0.0.0/"'],
    ['10.0.0.0/08', 'entry 1 is "10.0.0.0/08"'],
    ['10.0.0.0/8/8', 'entry 1 is "10.0.0.0/8/8"'],
    ['svc/8', 'entry 1 is "svc/8"'],
    ['https://svc', 'entry 1 is "https://svc"'],
    ['svc:8080', 'entry 1 is "svc:8080"'],
    ['*.internal', 'entry 1 is "*.internal"'],
  ])('refuses %j', (text, given) => expect(targets(text)).toMatchObject({ ok: false, given }));
});

it('no parser of addresses throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain(), fc.ipV6()), (text) => {
      const parsers = [host, serverOrigin, pageOrigin, hostOrOrigin, iamTokenUrl, iamBaseUrl, targets];
      expect(parsers.map((parse) => typeof parse(text).ok)).toEqual(parsers.map(() => 'boolean'));
    }),
  );
});
