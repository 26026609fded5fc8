/** What an id may be, as a pattern in Unicode mode: no control characters, and no halves of surrogate pairs. */
export const ID_PATTERN = '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]{1,256}$';

const ID = new RegExp(ID_PATTERN, 'u');

/** False for what nobody can have registered. */
export function isPossibleId(text: string): boolean {
  return ID.test(text);
}

/**
 * False for what nobody may register: besides the impossible `.` and `..`, which browsers and most HTTP clients take out of
 * a path, also where they are percent-encoded. Who registered so before stays.
 */
export function isAllowedId(text: string): boolean {
  return isPossibleId(text) && text !== '.' && text !== '..';
}
