import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { codeOf } from './error-code.ts';
import { accept, refuse, type Parse, type Parsed } from './parse.ts';

/** One certificate or several, in order. */
export interface PemCertificates {
  /** All of them and nothing else, written anew. */
  readonly pem: string;
  readonly first: X509Certificate;
}

/** A private key without a passphrase. */
export interface PemPrivateKey {
  readonly pem: string;
  readonly key: KeyObject;
}

/** Reads what a setting names by its path, or gives as PEM text itself. Refusals show neither the path nor the text. */
export interface PemReader {
  readonly certificates: Parse<PemCertificates>;
  readonly privateKey: Parse<PemPrivateKey>;
}

/** Some hundreds of certificates. A whole system's authorities are a quarter of that. */
const PEM_LENGTH_MAX = 1_048_576;

/**
 * A reader that reads a file once for the same use, however many slots name it.
 * @param readText gives a file's text, and throws where there is none; the error's `code` is shown, its message is not.
 */
export function createPemReader(readText: (path: string) => string): PemReader {
  return {
    certificates: remembering((text) => parseNamed(text, readText, certificatesIn)),
    privateKey: remembering((text) => parseNamed(text, readText, privateKeyIn)),
  };
}

function remembering<T>(parse: Parse<T>): Parse<T> {
  const known = new Map<string, Parsed<T>>();
  return (text) => {
    const parsed = known.get(text) ?? parse(text);
    known.set(text, parsed);
    return parsed;
  };
}

function parseNamed<T>(text: string, readText: (path: string) => string, parse: Parse<T>): Parsed<T> {
  const named = text.trim();
  const isPem = named.startsWith('-----BEGIN');
  let content = named;
  try {
    if (!isPem) content = readText(named);
  } catch (error) {
    const code = codeOf(error) ?? 'no code';
    return refuse('the path of a readable PEM file, or PEM text', `cannot be read as a file (${code})`);
  }
  if (content.length > PEM_LENGTH_MAX)
    return refuse(`at most ${PEM_LENGTH_MAX}`, `holds ${content.length} characters`);
  return parse(content);
}

const certificatesIn: Parse<PemCertificates> = (text) => {
  const expected = 'certificates in PEM, each from BEGIN CERTIFICATE to END CERTIFICATE';
  const certificates: X509Certificate[] = [];
  for (const [index, block] of blocksOf(text, /^-----BEGIN CERTIFICATE-----/).entries()) {
    const certificate = attempt(() => new X509Certificate(block));
    if (certificate === undefined)
      return refuse(expected, `holds a certificate that cannot be read, number ${index + 1}`);
    certificates.push(certificate);
  }
  const [first] = certificates;
  return first === undefined
    ? refuse(expected, 'holds no certificate')
    : accept({ pem: certificates.map((certificate) => certificate.toString()).join(''), first });
};

const privateKeyIn: Parse<PemPrivateKey> = (text) => {
  const expected = 'a private key in PEM, without a passphrase';
  const [block] = blocksOf(text, /^-----BEGIN [A-Z ]*PRIVATE KEY-----/);
  if (block === undefined) return refuse(expected, 'holds no private key');
  if (/^-----BEGIN ENCRYPTED |^Proc-Type:.*ENCRYPTED/m.test(block))
    return refuse(`${expected}; openssl pkey -in encrypted.pem -out key.pem writes one`, 'is encrypted');
  const key = attempt(() => createPrivateKey(block));
  return key === undefined
    ? refuse(expected, 'holds a private key that cannot be read')
    : accept({ pem: key.export({ type: 'pkcs8', format: 'pem' }).toString(), key });
};

/** The parts of a text that begin in a given form: other kinds and remarks between them are common, and passed over. */
function blocksOf(text: string, form: RegExp): readonly string[] {
  return text.split(/(?=-----BEGIN )/).filter((block) => form.test(block));
}

/** Undefined for what throws: OpenSSL's words could repeat what they are about. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
