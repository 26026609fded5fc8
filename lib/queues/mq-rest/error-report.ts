import { fieldOf, isJsonObject, parseJsonAnswer } from './json-answer.ts';

/** What matters of `{"error":[{…}]}`, the body that MQ sends with a status that is not 2xx. Each part may be missing. */
export interface ErrorReport {
  /** `MQWBnnnnE`. */
  readonly msgId: string | undefined;
  /** The reason code of MQ itself; undefined for errors of the web server alone. */
  readonly reasonCode: number | undefined;
  /** Whether the report speaks of one of these words. Numbers of messages are not all known, so texts are looked at. */
  readonly speaksOf: (words: readonly string[]) => boolean;
}

const MESSAGE_ID = /^[A-Z]{3,6}\d{3,5}[A-Z]?$/;

/**
 * Reads an error report. Total; undefined when the body is no such report. Free text of the report is looked at and
 * never kept, because it is a stranger's and goes into our logs.
 */
export function parseErrorReport(body: Uint8Array, contentType: string | undefined): ErrorReport | undefined {
  const answer = parseJsonAnswer(body, contentType);
  if (answer.kind === 'not-json') return undefined;
  const errors = fieldOf(answer.value, 'error');
  if (!Array.isArray(errors)) return undefined;
  const entries: readonly unknown[] = errors;
  return {
    msgId: messageIdOf(entries[0]),
    reasonCode: reasonCodeOf(entries[0]),
    speaksOf: (words) => entries.some((entry) => speaksOf(entry, words)),
  };
}

function messageIdOf(entry: unknown): string | undefined {
  // The documentation's prose says `messageId`, every payload seen has `msgId`.
  const id = fieldOf(entry, 'msgId') ?? fieldOf(entry, 'messageId');
  return typeof id === 'string' && MESSAGE_ID.test(id) ? id : undefined;
}

function reasonCodeOf(entry: unknown): number | undefined {
  const code = fieldOf(entry, 'reasonCode');
  return typeof code === 'number' && Number.isSafeInteger(code) && code > 0 ? code : undefined;
}

function speaksOf(entry: unknown, words: readonly string[]): boolean {
  if (!isJsonObject(entry)) return false;
  const texts = Object.values(entry).filter((text) => typeof text === 'string');
  return texts.some((text) => mentions(text, words));
}

/** Whether a text has one of these words in it, as a whole word, in any case. */
export function mentions(text: string, words: readonly string[]): boolean {
  return words.some((word) => new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`, 'i').test(text));
}
