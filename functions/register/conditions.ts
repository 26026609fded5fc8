import { asETag, type ETag, type PutCondition } from '../../lib/object-store/object-store.ts';

/** A store's ETag as HTTP writes one. Stores differ in quoting, so it is wrapped whole. */
export function wireETag(etag: ETag): string {
  return `"${Buffer.from(etag).toString('base64url')}"`;
}

/** The condition that a caller's headers put: `exists` stands for `If-Match: *`. */
export function readCondition(
  headers: Readonly<Record<string, string>>,
): PutCondition | 'exists' | 'invalid' | undefined {
  const ifMatch = headers['if-match']?.trim();
  const ifNoneMatch = headers['if-none-match']?.trim();
  if (ifMatch === undefined) {
    if (ifNoneMatch === undefined) return undefined;
    return ifNoneMatch === '*' ? { ifNoneMatch: '*' } : 'invalid';
  }
  if (ifNoneMatch !== undefined) return 'invalid';
  if (ifMatch === '*') return 'exists';
  const inner = /^"([A-Za-z0-9_-]*)"$/.exec(ifMatch)?.[1];
  return inner === undefined ? 'invalid' : { ifMatch: asETag(Buffer.from(inner, 'base64url').toString()) };
}
