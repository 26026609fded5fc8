import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { commonName, der, distinguishedName, SEQUENCE, time, TAG } from './der.ts';

/** A certificate and its key (EC P-256), both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateDefinition {
  readonly commonName: string;
  /** Host names that it is for; `127.0.0.1` is an address. */
  readonly hosts?: readonly string[];
  readonly isAuthority?: boolean;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Who vouches for it; itself when not given. */
  readonly issuer?: Certificate;
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const ECDSA_WITH_SHA256 = der(SEQUENCE, hex('06082a8648ce3d040302'));
const SUBJECT_ALT_NAME = hex('0603551d11');
const BASIC_CONSTRAINTS = hex('0603551d13');
const TRUE = hex('0101ff');

/** Makes a certificate, for tests and trials. */
export function createCertificate(definition: CertificateDefinition): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { issuer, notBeforeMs, notAfterMs } = definition;
  const issuerName =
    issuer === undefined ? definition.commonName : commonName(new X509Certificate(issuer.cert));
  const serial = publicKey.export({ type: 'spki', format: 'der' }).subarray(-8);
  const toBeSigned = der(
    SEQUENCE,
    der(TAG.version, hex('020102')),
    der(TAG.integer, Buffer.from([1]), serial),
    ECDSA_WITH_SHA256,
    distinguishedName(issuerName),
    der(SEQUENCE, time(notBeforeMs), time(notAfterMs)),
    distinguishedName(definition.commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(TAG.extensions, der(SEQUENCE, ...extensionsOf(definition))),
  );
  const signature = sign('sha256', toBeSigned, issuer?.key ?? privateKey);
  const whole = der(SEQUENCE, toBeSigned, ECDSA_WITH_SHA256, der(TAG.bits, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extensionsOf({ hosts = [], isAuthority = false }: CertificateDefinition): readonly Buffer[] {
  const names = hosts.map((host) =>
    host === '127.0.0.1'
      ? der(TAG.address, Buffer.from([127, 0, 0, 1]))
      : der(TAG.hostName, Buffer.from(host)),
  );
  const alternatives = der(SEQUENCE, SUBJECT_ALT_NAME, der(TAG.bytes, der(SEQUENCE, ...names)));
  const authority = der(SEQUENCE, BASIC_CONSTRAINTS, TRUE, der(TAG.bytes, der(SEQUENCE, TRUE)));
  return [...(names.length > 0 ? [alternatives] : []), ...(isAuthority ? [authority] : [])];
}
