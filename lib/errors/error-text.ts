import type { ErrorClass } from './error-class.ts';

/** An error in words, without secrets: for whoever reads a report or an event, and with more for the log. */
export interface ErrorText {
  readonly told: string;
  readonly logged: string;
  /** Of a bug its kind and where it was thrown, to tell it from others: `TypeError main.js:1:20`. Else empty. */
  readonly source: string;
}

const MESSAGE_MAX = 500;
const CAUSES_MAX = 8;

/**
 * Says what an error is. The message of a known error is our own and has no secrets; that of a bug may hold anything (the
 * text that was parsed, a value that was refused), so only the log has it, without what was quoted. Of causes only names
 * and codes are said. Total: never throws, whatever was thrown.
 */
export function textOf(error: unknown, errorClass: ErrorClass): ErrorText {
  const causes = causesOf(error);
  if (errorClass !== 'bug') {
    const told = lineOf(textIn(error, 'message'), MESSAGE_MAX);
    return { told, logged: told + causes, source: '' };
  }
  const kind = kindOf(error);
  const told = `an error of our own (${kind})`;
  const origin = originOf(error);
  const message = withoutValues(typeof error === 'string' ? error : textIn(error, 'message'));
  const at = origin === '' ? '' : ` at ${origin}`;
  return { told, logged: `${told}${at}: ${message}${causes}`, source: `${kind} ${origin}` };
}

/** One line without control characters, at most `max` characters. */
export function lineOf(text: string, max: number): string {
  const line = text
    .slice(0, 4 * max)
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > max ? `${line.slice(0, max).toWellFormed()}…` : line;
}

/** Reads a text that may not be there, may be none, or may throw. */
export function textIn(value: unknown, name: string): string {
  const found = valueIn(value, name);
  return typeof found === 'string' ? found : '';
}

function valueIn(value: unknown, name: string): unknown {
  try {
    return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

const NAME = /^[A-Za-z][A-Za-z0-9]{0,40}$/;
const CODE = /^[A-Z][A-Z0-9_]{1,40}$/;

/** Name and code, where they look like such: a name can be set to anything. */
function kindOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `a ${typeof error} was thrown`;
  const name = textIn(error, 'name');
  const code = textIn(error, 'code');
  return [NAME.test(name) ? name : 'an object', ...(CODE.test(code) ? [code] : [])].join(' ');
}

function causesOf(error: unknown): string {
  const kinds: string[] = [];
  const met = new Set<unknown>([error]);
  let cause = valueIn(error, 'cause');
  while (cause !== undefined && !met.has(cause) && kinds.length < CAUSES_MAX) {
    met.add(cause);
    kinds.push(kindOf(cause));
    cause = valueIn(cause, 'cause');
  }
  return kinds.map((kind) => ` <- ${kind}`).join('');
}

/** Values stand in quotes, in URLs or are long: what is left, up to the first quote, says what went wrong, not with what. */
function withoutValues(message: string): string {
  return lineOf(message, MESSAGE_MAX)
    .replace(/["'`].*$/, '[…]')
    .replace(/\b(?:bearer|basic)\s+\S+/giu, '[…]')
    .replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S+/gi, '[…]')
    .replace(/[\w+/=~-]{24,}/g, '[…]');
}

/** A stack begins with the message, whose lines may look like frames, and ends with the frames. */
const STACK_END = 4000;
const FRAME = /^ {4}at .{0,400}?([\w.-]{1,60}:\d{1,7}:\d{1,7})\)?$/;

/** Where it was thrown, `file:line:column`; empty where that is not known. */
function originOf(error: unknown): string {
  const stack = textIn(error, 'stack');
  const message = textIn(error, 'message');
  const start = stack.indexOf(message);
  const frames = start < 0 ? stack : stack.slice(start + message.length);
  for (const line of frames.slice(-STACK_END).split('\n')) {
    const frame = FRAME.exec(line)?.[1];
    if (frame !== undefined) return frame;
  }
  return '';
}
