import type { X509Certificate } from 'node:crypto';

/** The few shapes of DER that a certificate is made of. */

export const SEQUENCE = 0x30;
export const TAG = {
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  utf8: 0x0c,
  generalizedTime: 0x18,
  set: 0x31,
  hostName: 0x82,
  address: 0x87,
  version: 0xa0,
  extensions: 0xa3,
} as const;

const COMMON_NAME = Buffer.from('0603550403', 'hex');

/** One element: its tag, its length (up to 65,535 bytes) and its parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, Math.floor(body.length / 256), body.length % 256];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

/** A name that has a common name only. */
export function distinguishedName(name: string): Buffer {
  return der(SEQUENCE, der(TAG.set, der(SEQUENCE, COMMON_NAME, der(TAG.utf8, Buffer.from(name)))));
}

/** The common name of a certificate that was made here. */
export function commonName({ subject }: X509Certificate): string {
  return subject.replace(/^CN=/, '');
}

export function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  return der(TAG.generalizedTime, Buffer.from(`${digits}Z`));
}
