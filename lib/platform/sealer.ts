import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Secret } from './secret.ts';

/** Encrypts texts that must not be stored in clear. AES-256-GCM; what a text belongs to is bound to it. */
export interface Sealer {
  /** False when no key is configured: then `seal` throws. */
  readonly canSeal: boolean;
  readonly seal: (text: string, boundTo: string) => string;
  /** The text, or `undefined` when no configured key opens it or it was bound to something else. */
  readonly open: (sealed: string, boundTo: string) => string | undefined;
}

const MARK = 'enc:1:';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** True for what `seal` made, with whatever key. */
export function isSealed(text: string): boolean {
  return text.startsWith(MARK);
}

/** `keys`: base64 of 32 bytes each; the first seals, all open, so that keys can be changed without losing anything. */
export function createSealer(keys: readonly Secret[]): Sealer {
  const known = keys.map((key) => {
    const bytes = Buffer.from(key.reveal(), 'base64');
    return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 8) };
  });

  const seal: Sealer['seal'] = (text, boundTo) => {
    const key = known[0];
    if (key === undefined) throw new Error('nothing can be sealed: no ENCRYPTION_KEYS are configured');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(boundTo));
    const body = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${MARK}${key.id}:${body.toString('base64url')}`;
  };

  const open: Sealer['open'] = (sealed, boundTo) => {
    const [keyId, body] = sealed.slice(MARK.length).split(':');
    const key = known.find(({ id }) => id === keyId);
    if (!isSealed(sealed) || key === undefined || body === undefined) return undefined;
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return (
        decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      return undefined;
    }
  };

  return { canSeal: known.length > 0, seal, open };
}
