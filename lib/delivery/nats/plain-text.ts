const LENGTH_MAX = 200;

/** A text from outside as part of a sentence: one line without control characters, at most 200 characters. */
export function plainText(text: string): string {
  const line = text
    .slice(0, 4 * LENGTH_MAX)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX).toWellFormed()}…` : line;
}
