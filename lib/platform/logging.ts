import type { Clock } from './clock.ts';
import type { LogLevel } from './configuration/configuration.ts';

/** Facts of a log entry. Values are JSON; secrets, header values and bodies do not belong here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one JSON line per entry. Messages are constant texts; what varies is in the fields. */
export interface Logger {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A logger whose lines all carry `constant` fields. `write` gets whole lines, newline included. */
export function createLogger(deps: {
  readonly level: LogLevel;
  readonly constant: LogFields;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}): Logger {
  const least = LEVELS.indexOf(deps.level);
  const at = (level: LogLevel): Logger[LogLevel] => {
    if (LEVELS.indexOf(level) < least) return () => undefined;
    return (message, fields) => {
      const own = { time: new Date(deps.clock.nowMs()).toISOString(), level, message };
      // Twice: first in the line, and not to be overwritten by the facts.
      const entry = Object.assign({ ...own, ...deps.constant, ...fields }, own);
      deps.write(`${jsonOf(entry) ?? jsonOf(own)}\n`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** JSON, or nothing where there is none (a cycle, a `bigint`): a log line must not end a call. */
function jsonOf(entry: LogFields): string | undefined {
  try {
    return JSON.stringify(entry);
  } catch {
    return undefined;
  }
}

const CAUSES_MAX = 8;

/** What an error says, for a log line: its name, its message and the messages of its causes. No stack, no body. Never throws. */
export function describeError(error: unknown, causesMax: number = CAUSES_MAX): string {
  if (typeof error === 'object' && error !== null && !(error instanceof Error)) return 'an object was thrown';
  if (!(error instanceof Error)) return String(error);
  const own = `${error.name}: ${error.message}`;
  if (error.cause === undefined || causesMax === 0) return own;
  return `${own} <- ${describeError(error.cause, causesMax - 1)}`;
}
