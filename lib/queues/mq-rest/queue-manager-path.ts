const PLAIN_BYTE = /[A-Za-z0-9_-]/;

/**
 * A name as one segment of a path. Everything but letters, digits, `_` and `-` is percent-encoded, byte by byte in UTF-8:
 * MQ asks for `%2F`, `%25` and, unlike any URL library, `%2E`.
 */
export function encodeName(name: string): string {
  return Array.from(Buffer.from(name, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    return PLAIN_BYTE.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
