import type { Certificate } from './certificate.ts';

export const TLS_FAULTS = ['selfSigned', 'expiredCert', 'wrongHost'] as const;
export type TlsFaultKind = (typeof TLS_FAULTS)[number];

/** What serving HTTPS takes: the server's certificate (or chain) and key, PEM. */
export interface TlsMaterial extends Certificate {
  /** PEM; whose client certificates are believed. None are asked for when not given. */
  readonly clientAuthority?: string;
  /** Connections without a client certificate are refused. */
  readonly requireClientCert?: boolean;
  /** What is served instead under a fault. */
  readonly faulty?: Readonly<Partial<Record<TlsFaultKind, Certificate>>>;
}
