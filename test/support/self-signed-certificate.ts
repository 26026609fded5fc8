import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that nobody vouches for, and its key. PEM. */
export interface SelfSignedCertificate {
  readonly cert: string;
  readonly key: string;
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, Math.floor(body.length / 256), body.length % 256];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const SEQUENCE = 0x30;
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
/** Object identifiers, encoded: ecdsa-with-SHA256, commonName, subjectAltName, basicConstraints. */
const OID = {
  ecdsaWithSha256: hex('06082a8648ce3d040302'),
  commonName: hex('0603550403'),
  subjectAltName: hex('0603551d11'),
  basicConstraints: hex('0603551d13'),
};

const name = (text: string): Buffer =>
  der(SEQUENCE, der(0x31, der(SEQUENCE, OID.commonName, der(0x0c, Buffer.from(text)))));

const time = (date: Date): Buffer =>
  der(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`));

/** Makes a certificate (EC P-256, valid for a day) for a host name and 127.0.0.1, signed with its own key. */
export function selfSignedCertificate(hostname: string): SelfSignedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, OID.ecdsaWithSha256);
  const names = der(SEQUENCE, der(0x82, Buffer.from(hostname)), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = der(
    SEQUENCE,
    der(SEQUENCE, OID.subjectAltName, der(0x04, names)),
    der(SEQUENCE, OID.basicConstraints, der(0x04, der(SEQUENCE, der(0x01, Buffer.from([0xff]))))),
  );
  const hourMs = 3_600_000;
  const toBeSigned = der(
    SEQUENCE,
    der(0xa0, hex('020102')),
    hex('020101'),
    algorithm,
    name(hostname),
    der(SEQUENCE, time(new Date(Date.now() - hourMs)), time(new Date(Date.now() + 24 * hourMs))),
    name(hostname),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const whole = der(SEQUENCE, toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
