/** Reads one object's fields; a fault is noted and answered with a stand-in, so that one pass finds all faults. */
export interface Fields {
  readonly text: (key: string, pattern?: RegExp) => string;
  readonly integer: (key: string, min: number, max: number) => number;
  readonly flag: (key: string) => boolean;
  readonly oneOf: <T extends string>(key: string, allowed: readonly [T, ...T[]]) => T;
  readonly list: <T>(
    key: string,
    min: number,
    readItem: (value: unknown, place: string) => T,
  ) => readonly T[];
  /** The fields of an object further down. `keys`: the only ones it may have. */
  readonly nested: (value: unknown, place: string, keys?: readonly string[]) => Fields;
  /** Notes a fault of a field, or of a place. */
  readonly fault: (key: string, expected: string) => void;
  readonly faultAt: (place: string, expected: string) => void;
}

/** Makes readers that note every fault through `note`. */
export function createReader(note: (place: string, expected: string) => void): {
  readonly fields: (value: unknown, place: string, keys?: readonly string[]) => Fields;
} {
  return { fields: (value, place, keys) => fieldsOf(value, place, note, keys) };
}

function fieldsOf(
  value: unknown,
  place: string,
  note: (place: string, expected: string) => void,
  keys?: readonly string[],
): Fields {
  const object = asObject(value);
  if (object === undefined) note(place || 'the document', 'must be an object');
  for (const key of object === undefined || keys === undefined ? [] : object.keys())
    if (!keys?.includes(key)) note(at(place, key), 'is not a known key');
  const fault = (key: string, expected: string): void => {
    if (object !== undefined) note(at(place, key), expected);
  };

  const text = (key: string, pattern?: RegExp): string => {
    const found = object?.get(key);
    if (typeof found === 'string' && found !== '' && (pattern?.test(found) ?? true)) return found;
    fault(key, pattern === undefined ? 'must be a text' : `must be a text that matches ${pattern.source}`);
    return '';
  };
  const integer = (key: string, min: number, max: number): number => {
    const found = object?.get(key);
    if (typeof found === 'number' && Number.isInteger(found) && found >= min && found <= max) return found;
    fault(key, `must be a whole number from ${min} to ${max}`);
    return min;
  };
  const flag = (key: string): boolean => {
    const found = object?.get(key);
    if (typeof found !== 'boolean') fault(key, 'must be true or false');
    return found === true;
  };
  const oneOf = <T extends string>(key: string, allowed: readonly [T, ...T[]]): T => {
    const found = allowed.find((candidate) => candidate === object?.get(key));
    if (found === undefined) fault(key, `must be one of ${allowed.join(', ')}`);
    return found ?? allowed[0];
  };
  const list = <T>(
    key: string,
    min: number,
    readItem: (value: unknown, place: string) => T,
  ): readonly T[] => {
    const found: unknown = object?.get(key);
    if (!Array.isArray(found) || found.length < min) fault(key, `must be a list of at least ${min}`);
    const items: readonly unknown[] = Array.isArray(found) ? found : [];
    return items.map((item, index) => readItem(item, `${at(place, key)}[${index}]`));
  };
  const nested = (inner: unknown, innerPlace: string, innerKeys?: readonly string[]): Fields =>
    fieldsOf(inner, innerPlace, note, innerKeys);
  return { text, integer, flag, oneOf, list, nested, fault, faultAt: note };
}

function at(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

function asObject(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}
