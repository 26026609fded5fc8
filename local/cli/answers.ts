/**
 * An observer's answers may be of another version, or no observer's at all: what is there is read, what is not there is
 * left out, and nothing throws.
 */

/** The value below keys; `undefined` where there is none. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

/** A text, number or switch as text; `undefined` where there is none. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined;
}

/** A whole count; 0 where there is none. */
export function countAt(value: unknown, ...keys: readonly string[]): number {
  const found = at(value, ...keys);
  return typeof found === 'number' && Number.isSafeInteger(found) ? found : 0;
}

/** The items of a list; none where there is no list. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** Names and values of an object; none where there is no object. */
export function entriesAt(
  value: unknown,
  ...keys: readonly string[]
): readonly (readonly [string, unknown])[] {
  const found = at(value, ...keys);
  return typeof found === 'object' && found !== null ? Object.entries(found) : [];
}
