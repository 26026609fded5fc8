import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../../test/support/self-signed-certificate.ts';
import { noFile } from './configuration-test-support.ts';
import type { Parsed } from './parse.ts';
import { createPemReader } from './pem.ts';

const one = selfSignedCertificate('one.example');
const two = selfSignedCertificate('two.example');
const encryption = { cipher: 'aes-256-cbc', passphrase: 'pass' } as const;

const reader = createPemReader(noFile);
const inFile = (text: string) => createPemReader(() => text);

function valueOf<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`refused: ${parsed.given ?? ''}; expected ${parsed.expected}`);
  return parsed.value;
}

describe('certificates', () => {
  it('are read from a file, or from the setting itself', () => {
    const paths: string[] = [];
    const files = createPemReader((path) => {
      paths.push(path);
      return one.cert;
    });
    expect(valueOf(files.certificates(' ./certs/one.pem ')).pem).toBe(one.cert);
    expect(valueOf(reader.certificates(`\n${one.cert}`)).pem).toBe(one.cert);
    expect(paths).toEqual(['./certs/one.pem']);
  });

  it('are read once, however often they are named', () => {
    let reads = 0;
    const files = createPemReader(() => {
      reads += 1;
      return one.cert;
    });
    expect(files.certificates('a')).toBe(files.certificates('a'));
    expect(reads).toBe(1);
  });

  it('may be several, with remarks between them, any line ends, and keys that are left out', () => {
    const text = `\uFEFFBag Attributes\n${one.key}subject=CN = one\n${one.cert}\n# two\n${two.cert}`;
    const { pem, first } = valueOf(inFile(text.replaceAll('\n', '\r\n')).certificates('x'));
    expect(pem).toBe(one.cert + two.cert);
    expect(first.subject).toBe(new X509Certificate(one.cert).subject);
  });

  it.each([
    ['nothing at all', '', 'holds no certificate'],
    ['a key', one.key, 'holds no certificate'],
    ['the binary form', '0\u0082\u0001', 'holds no certificate'],
    [
      'a second one that is cut off',
      one.cert + two.cert.slice(0, 200),
      'holds a certificate that cannot be read, number 2',
    ],
    [
      'what is none',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'holds a certificate that cannot be read, number 1',
    ],
    ['too much', ' '.repeat(1_048_577), 'holds 1048577 characters'],
  ])('are refused where there is %s', (_, text, given) => {
    expect(inFile(text).certificates('x')).toMatchObject({ ok: false, given });
  });

  it('are refused where the file cannot be read, with the code and without the path', () => {
    expect(reader.certificates('/etc/none.pem')).toEqual({
      ok: false,
      given: 'cannot be read as a file (ENOENT)',
      expected: 'the path of a readable PEM file, or PEM text',
    });
  });
});

describe('a private key', () => {
  it('is read in every common form', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    const ec = createPrivateKey(one.key);
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    const texts = [
      [rsa, rsa.export({ type: 'pkcs1', format: 'pem' }).toString()],
      [rsa, rsa.export({ type: 'pkcs8', format: 'pem' }).toString()],
      [ec, parameters + ec.export({ type: 'sec1', format: 'pem' }).toString()],
      [ec, one.cert + one.key],
    ] as const;
    for (const [key, text] of texts) {
      const read = valueOf(reader.privateKey(text));
      expect(read.key.equals(key)).toBe(true);
      expect(read.pem).toBe(key.export({ type: 'pkcs8', format: 'pem' }));
    }
  });

  it.each(['pkcs8', 'sec1'] as const)('is refused when it is encrypted (%s)', (type) => {
    const text = createPrivateKey(one.key)
      .export({ type, format: 'pem', ...encryption })
      .toString();
    expect(reader.privateKey(text)).toEqual({
      ok: false,
      given: 'is encrypted',
      expected:
        'a private key in PEM, without a passphrase; openssl pkey -in encrypted.pem -out key.pem writes one',
    });
  });

  it.each([
    [one.cert, 'holds no private key'],
    [one.key.slice(0, 90), 'holds a private key that cannot be read'],
  ])('is refused where there is none (%#)', (text, given) => {
    expect(reader.privateKey(text)).toMatchObject({ ok: false, given });
  });
});
