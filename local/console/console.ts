import { isatty } from 'node:tty';
import type { Clock } from '../../lib/platform/clock.ts';
import type { LogLevel } from '../../lib/platform/configuration/configuration.ts';
import { createLogger, type Logger } from '../../lib/platform/logging.ts';
import { formatLine } from './format-entry.ts';

/** Everything that the local host writes. */
export interface HostConsole {
  /** A text for people, as it is. */
  readonly say: (text: string) => void;
  /** The same, for what nobody should overlook: in bold where there is colour. */
  readonly emphasise: (text: string) => void;
  /** A line that a function wrote: readable on a terminal, as it is elsewhere. */
  readonly line: (source: string, line: string) => void;
  /** The host's own log, in the same form as that of the functions. */
  readonly logger: (level: LogLevel) => Logger;
}

export interface ConsoleOptions {
  readonly write: (text: string) => void;
  /** Whether somebody looks at it. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly clock: Clock;
}

const HOST = 'local-host';

export function createConsole(options: ConsoleOptions): HostConsole {
  const line = (source: string, text: string): void => {
    const shown = options.isTerminal ? formatLine(source, text, options) : text;
    options.write(`${shown}\n`);
  };
  return {
    say: (text) => options.write(`${text}\n`),
    emphasise: (text) => options.write(options.colour ? `\u001b[1m${text}\u001b[0m\n` : `${text}\n`),
    line,
    logger: (level) =>
      createLogger({
        level,
        constant: { function: HOST },
        clock: options.clock,
        write: (text) => line(HOST, text.trimEnd()),
      }),
  };
}

/** The console of this process: colour on a terminal unless `NO_COLOR` is set (no-color.org). */
export function processConsole(clock: Clock): HostConsole {
  const isTerminal = isatty(1);
  const colour = isTerminal && (process.env['NO_COLOR'] ?? '') === '';
  return createConsole({ write: (text) => void process.stdout.write(text), isTerminal, colour, clock });
}
