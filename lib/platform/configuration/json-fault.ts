/** A place in a text, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

type Expecting = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or close' | 'end';

const TOKEN =
  /(?<blank>[ \t\r\n]+)|(?<mark>[{}[\]:,])|(?<quote>")|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// In pieces of bounded length: one pattern over a long string would exhaust the stack.
const STRING_PIECE = /[ !\u0023-\u005b\u005d-\uffff]{1,4096}|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Where a text stops being JSON; undefined if it is JSON. Exists because the runtime's own message quotes the text
 * around the fault, which in a configuration may be a password, and often gives no position. Never throws.
 */
export function findJsonFault(text: string): TextPosition | undefined {
  const open: ('{' | '[')[] = [];
  let expecting: Expecting = 'value';
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) return positionOf(text, at);
    const { blank, mark, quote } = token.groups ?? {};
    const end = quote === undefined ? TOKEN.lastIndex : endOfString(text, TOKEN.lastIndex);
    if (blank === undefined) {
      const next = follow(expecting, mark ?? (quote === undefined ? 'plain' : 'string'), open);
      if (next === undefined || end === undefined) return positionOf(text, at);
      expecting = next;
    }
    at = end ?? text.length;
  }
  return expecting === 'end' ? undefined : positionOf(text, at);
}

/** The place behind a string's closing quote; undefined if it is not closed, or holds what a string may not. */
function endOfString(text: string, start: number): number | undefined {
  let at = start;
  while (text[at] !== '"') {
    STRING_PIECE.lastIndex = at;
    if (STRING_PIECE.exec(text) === null) return undefined;
    at = STRING_PIECE.lastIndex;
  }
  return at + 1;
}

/** What may follow `token` where `expecting` was due; undefined if it may not stand there. Keeps `open` up to date. */
function follow(expecting: Expecting, token: string, open: ('{' | '[')[]): Expecting | undefined {
  const afterValue = (): Expecting => (open.length === 0 ? 'end' : 'comma or close');
  const close = (bracket: '{' | '['): Expecting | undefined =>
    open.at(-1) === bracket && open.pop() !== undefined ? afterValue() : undefined;
  switch (expecting) {
    case 'value or ]':
      if (token === ']') return close('[');
      return follow('value', token, open);
    case 'value':
      if (token === 'string' || token === 'plain') return afterValue();
      if (token !== '{' && token !== '[') return undefined;
      open.push(token);
      return token === '{' ? 'key or }' : 'value or ]';
    case 'key or }':
      return token === '}' ? close('{') : follow('key', token, open);
    case 'key':
      return token === 'string' ? 'colon' : undefined;
    case 'colon':
      return token === ':' ? 'value' : undefined;
    case 'comma or close':
      if (token === ',') return open.at(-1) === '{' ? 'key' : 'value';
      return token === '}' ? close('{') : token === ']' ? close('[') : undefined;
    case 'end':
      return undefined;
  }
}

function positionOf(text: string, at: number): TextPosition {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** The place of the fault, such as `at line 3, column 7`; empty if there is none. */
export function describeJsonFault(text: string): string {
  const fault = findJsonFault(text);
  return fault === undefined ? '' : `at line ${fault.line}, column ${fault.column}`;
}
