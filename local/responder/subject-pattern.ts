// A client would refuse these too, but only when it subscribes, and in words of its own.
const TOKEN = '[^\\s.*>\\u0000-\\u001f\\u007f]+';
const PATTERN = new RegExp(`^(?:(?:${TOKEN}|\\*)\\.)*(?:${TOKEN}|\\*|>)$`);
const SUBJECT = new RegExp(`^${TOKEN}(?:\\.${TOKEN})*$`);
const LENGTH_MAX = 256;

/** Whether `text` names one NATS subject: no wildcards. */
export function isSubject(text: string): boolean {
  return text.length <= LENGTH_MAX && SUBJECT.test(text);
}

/** Whether `text` names NATS subjects: `*` stands for one part, `>` at the end for one or more. */
export function isSubjectPattern(text: string): boolean {
  return text.length <= LENGTH_MAX && PATTERN.test(text);
}

/** Whether a pattern covers a subject. */
export function coversSubject(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const parts = subject.split('.');
  if (wanted.at(-1) === '>') {
    return parts.length >= wanted.length && wanted.slice(0, -1).every((part, at) => fits(part, parts[at]));
  }
  return parts.length === wanted.length && wanted.every((part, at) => fits(part, parts[at]));
}

function fits(wanted: string, part: string | undefined): boolean {
  return wanted === '*' || wanted === part;
}
