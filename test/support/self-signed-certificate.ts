import { createCertificate, type Certificate } from '../../local/simulators/mq/tls/certificate.ts';

const HOUR_MS = 3_600_000;

/** Makes a certificate, valid for a day, for a host name and 127.0.0.1, signed with its own key, and that key. PEM. */
export function selfSignedCertificate(hostname: string): Certificate {
  const nowMs = Date.now();
  return createCertificate({
    commonName: hostname,
    hosts: [hostname, '127.0.0.1'],
    notBeforeMs: nowMs - HOUR_MS,
    notAfterMs: nowMs + 23 * HOUR_MS,
    isAuthority: true,
  });
}
