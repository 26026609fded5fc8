import { createHmac } from 'node:crypto';
import type { Secret } from '../../platform/secret.ts';

/** The headers of a signed delivery, after Standard Webhooks 1.0. */
export type SignatureHeaders = Readonly<
  Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>;

/** Signs one attempt. `id` is the same on every attempt of one wake-up, the time is that of the attempt. */
export type Signer = (id: string, nowMs: number, body: string) => SignatureHeaders;

const PREFIX = 'whsec_';

/** The bytes of a secret, with or without its prefix; nothing if it is not base64 of 24 to 64 bytes. */
export function keyOf(secret: string): Buffer | undefined {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

/**
 * Makes a signer for secrets of the form `whsec_…`. Each signs: while a secret is replaced, receivers that know only one
 * of them are satisfied.
 * @throws {Error} a secret is not of its form; the configuration has checked that before.
 */
export function createSigner(secrets: readonly Secret[]): Signer {
  const keys = secrets.map((secret) => {
    const key = keyOf(secret.reveal());
    if (key === undefined) throw new Error('a webhook secret is not base64 of 24 to 64 bytes');
    return key;
  });
  return (id, nowMs, body) => {
    const timestamp = String(Math.floor(nowMs / 1000));
    const signatures = keys.map(
      (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
    );
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
  };
}
