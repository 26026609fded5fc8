/** Control characters, what turns the direction of writing round, and line ends: a terminal would obey them. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A text from outside as one line that a terminal prints and does not obey. */
export function plain(text: string): string {
  return text.toWellFormed().replace(UNSAFE, ' ');
}

/** All but line ends and the codes of our own styles. */
const UNSAFE_IN_LINES = /(?!\n|\u001b\[\d{1,2}m)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text put together by us, of which a part may not have been made plain: its lines and styles stay, nothing else does. */
export function plainLines(text: string): string {
  return text.toWellFormed().replace(UNSAFE_IN_LINES, ' ');
}

/** A value from outside as JSON that a terminal prints and does not obey, and that reads back as the same. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
