import type { TlsFaultKind, TlsMaterial } from './tls-material.ts';
import { createCertificate, type Certificate } from './certificate.ts';

/** A certificate authority of one's own, valid for a day, and what it makes. */
export interface CertificateAuthority {
  /** PEM; what a client has to trust. */
  readonly cert: string;
  /** What a simulator needs to serve HTTPS under this authority, and to misbehave in it. */
  readonly server: () => TlsMaterial;
  /** For a user whose name is the common name. */
  readonly client: (user: string) => Certificate;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOSTS = ['localhost', '127.0.0.1'];

export function createCertificateAuthority(nowMs: number): CertificateAuthority {
  const valid = { notBeforeMs: nowMs - HOUR_MS, notAfterMs: nowMs + DAY_MS };
  const issuer = createCertificate({ ...valid, commonName: 'Simulated Authority', isAuthority: true });
  const issued = { ...valid, commonName: 'localhost', hosts: HOSTS, issuer };
  return {
    cert: issuer.cert,
    server: () => {
      const faulty: Record<TlsFaultKind, Certificate> = {
        selfSigned: createCertificate({ ...valid, commonName: 'localhost', hosts: HOSTS }),
        expiredCert: createCertificate({
          ...issued,
          notBeforeMs: nowMs - DAY_MS,
          notAfterMs: nowMs - HOUR_MS,
        }),
        wrongHost: createCertificate({ ...issued, commonName: 'elsewhere', hosts: ['elsewhere.example'] }),
      };
      return { ...createCertificate(issued), clientAuthority: issuer.cert, faulty };
    },
    client: (user) => createCertificate({ ...valid, commonName: user, issuer }),
  };
}
