/** Where a page of a listing ends, for callers: they give it back and need not know what it is. */
export function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** The key after which a page starts: empty without a cursor, `undefined` for one that we never gave. */
export function cursorAfter(cursor: string | null): string | undefined {
  if (cursor === null || cursor === '') return '';
  const key = Buffer.from(cursor, 'base64url').toString();
  return key.startsWith('registrations/') ? key : undefined;
}
