import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { createSigner, type Signer } from '../../delivery/signing/standard-webhooks.ts';
import { secret, type Secret } from '../../platform/secret.ts';

/**
 * Only the observer itself may ask for a range: such a request is signed with a key that is derived from
 * `ENCRYPTION_KEYS`, after Standard Webhooks, and is good for a minute. Meeting it twice does no harm: the lease of the
 * range knows the cycle.
 */

/** An old request, or one from a clock that is far off, is refused. */
const TOLERANCE_MS = 60_000;

const KEY_BYTES = 32;

/** @param url where ranges are asked for: another deployment's requests are none of ours */
function signerOf(encryptionKey: Secret, url: string): Signer {
  const bytes = Buffer.from(encryptionKey.reveal(), 'base64');
  const key = Buffer.from(hkdfSync('sha256', bytes, '', `mq-observer range ${url}`, KEY_BYTES));
  return createSigner([secret(key.toString('base64'))]);
}

/** Signs with the first key. `undefined` when there is none. */
export function createRangeSigner(encryptionKeys: readonly Secret[], url: string): Signer | undefined {
  const [first] = encryptionKeys;
  return first === undefined ? undefined : signerOf(first, url);
}

/** Tells whether a request was signed with one of the keys, a minute ago at most. */
export type RangeVerifier = (
  headers: Readonly<Record<string, string>>,
  body: string,
  nowMs: number,
) => boolean;

export function createRangeVerifier(encryptionKeys: readonly Secret[], url: string): RangeVerifier {
  const signers = encryptionKeys.map((key) => signerOf(key, url));
  return (headers, body, nowMs) => {
    const id = headers['webhook-id'] ?? '';
    const given = headers['webhook-signature'] ?? '';
    const signedMs = signedAtMs(headers);
    if (!(Math.abs(nowMs - signedMs) <= TOLERANCE_MS)) return false;
    return signers.some((sign) => isSame(sign(id, signedMs, body)['webhook-signature'], given));
  };
}

/** When a request was signed, in epoch milliseconds; not a number when it does not say. */
export function signedAtMs(headers: Readonly<Record<string, string>>): number {
  const seconds = headers['webhook-timestamp'] ?? '';
  return /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : Number.NaN;
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
