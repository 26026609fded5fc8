/** How a line looks on a terminal. */
export interface LineStyle {
  readonly colour: boolean;
}

/** One log entry, taken apart. */
interface Entry {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly fields: readonly (readonly [string, unknown])[];
}

const RESET = '\u001b[0m';
const DIM = '\u001b[2m';
const LEVEL_COLOURS: Readonly<Record<string, string>> = {
  debug: DIM,
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
};

/**
 * Makes a line readable that `source` wrote: a JSON log entry becomes time, level, source, message and `key=value`
 * fields, anything else follows the source's name. Control characters are made visible: a line comes from outside in
 * parts and must not steer the terminal.
 */
export function formatLine(source: string, line: string, style: LineStyle): string {
  const paint = (code: string | undefined, text: string): string =>
    style.colour && code !== undefined ? `${code}${text}${RESET}` : text;
  const entry = readEntry(line);
  if (entry === undefined) return `${paint(DIM, source.padEnd(13))} ${visible(line)}`;
  const level = paint(LEVEL_COLOURS[entry.level], entry.level.padEnd(5));
  const fields = entry.fields.map(([key, value]) => ` ${paint(DIM, `${visible(key)}=`)}${fieldText(value)}`);
  const head = `${paint(DIM, entry.time)} ${level} ${paint(DIM, source.padEnd(13))}`;
  return `${head} ${visible(entry.message)}${fields.join('')}`;
}

function readEntry(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const {
      time,
      level,
      message,
      function: _source,
      ...fields
    } = JSON.parse(line) as Record<string, unknown>;
    if (typeof message !== 'string' || typeof level !== 'string') return undefined;
    return { time: clockTime(time), level: visible(level), message, fields: Object.entries(fields) };
  } catch {
    return undefined;
  }
}

/** `2026-11-21T21:31:00.123Z` gives `21:31:00.123`. */
function clockTime(time: unknown): string {
  return typeof time === 'string' ? (/T(\d\d:\d\d:\d\d\.\d{3})/.exec(time)?.[1] ?? visible(time)) : '';
}

function fieldText(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\s"=]+$/.test(value);
  return visible(isPlain ? value : (JSON.stringify(value) ?? 'undefined'));
}

function visible(text: string): string {
  return text.replace(
    /\p{Cc}|\p{Bidi_Control}/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
