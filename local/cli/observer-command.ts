import type { Command } from 'commander';
import { createApi, type Api, type ApiOptions } from './api.ts';
import type { CommandContext, CommandIo, Output } from './command-context.ts';
import { CommandError } from './command-error.ts';
import { plainJson, plainLines } from './format/plain.ts';
import { createStyle, type Style } from './format/style.ts';

/** One call of a command that asks an observer. */
export interface Asked<Options> {
  readonly api: Api;
  /** What was given, in order; `undefined` for what may be left out. */
  readonly args: readonly (string | undefined)[];
  readonly options: Options;
  readonly io: CommandIo;
  /** Prints an answer: as JSON for programs, or in words for people. */
  readonly print: (answer: unknown, inWords: (style: Style) => string) => void;
}

interface CommonOptions {
  readonly url?: string;
  /** Of commands that ask actuator. */
  readonly actuatorUrl?: string;
  readonly token?: string;
  readonly json?: boolean;
}

const URL_DEFAULT = 'http://127.0.0.1:8080';

/** Makes a command one that asks an observer. `run` gives the exit code. */
export function askObserver<Options>(
  command: Command,
  { io, endWith }: CommandContext,
  run: (asked: Asked<Options>) => Promise<number>,
): void {
  command
    .option('--url <url>', `the observer (MQ_OBSERVER_URL, or ${URL_DEFAULT})`)
    .option('--token <token>', 'better given as MQ_OBSERVER_TOKEN: others see command lines')
    .option('--json', 'print what the observer answers, for programs')
    .action(async () => {
      // Commander gives options without a type: each command names its own.
      const options = command.opts<CommonOptions & Options>();
      const api = createApi(apiOptions(options, io.env));
      try {
        endWith(await run({ api, args: command.args, options, io, print: printer(io, options.json) }));
      } finally {
        api.close();
      }
    });
}

function printer(io: CommandIo, asJson: boolean | undefined): Asked<unknown>['print'] {
  return (answer, inWords) => {
    // Formatters make plain what they take from an answer; what one forgot must not reach the terminal all the same.
    const text = asJson === true ? plainJson(answer) : plainLines(inWords(styleFor(io.stdout, io.env)));
    io.stdout.write(`${text}\n`);
  };
}

/** Colour on a terminal unless `NO_COLOR` is set (no-color.org). */
export function styleFor(output: Output, env: CommandIo['env']): Style {
  return createStyle(output.isTTY === true && (env['NO_COLOR'] ?? '') === '');
}

/** @throws {CommandError} when they cannot be used. */
function apiOptions(options: CommonOptions, env: CommandIo['env']): ApiOptions {
  const given = unlessBlank(options.url) ?? unlessBlank(env['MQ_OBSERVER_URL']) ?? URL_DEFAULT;
  const token = unlessBlank(options.token) ?? unlessBlank(env['MQ_OBSERVER_TOKEN']);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new CommandError(2, 'The token has characters that no token has: is it whole, and on one line?');
  const url = observerUrl(given, '--url', 'MQ_OBSERVER_URL');
  const actuator = unlessBlank(options.actuatorUrl) ?? unlessBlank(env['MQ_OBSERVER_ACTUATOR_URL']);
  const actuatorUrl =
    actuator === undefined ? url : observerUrl(actuator, '--actuator-url', 'MQ_OBSERVER_ACTUATOR_URL');
  return { url, actuatorUrl, token };
}

function observerUrl(given: string, option: string, variable: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new CommandError(2, `${option} or ${variable} must be an http(s) URL, such as ${URL_DEFAULT}.`);
  if (url.username !== '' || url.password !== '')
    throw new CommandError(2, `${option} takes no user and no password: MQ_OBSERVER_TOKEN is who calls.`);
  return url.href.replace(/\/+$/, '');
}

/** A blank text is none, as everywhere in the configuration. */
function unlessBlank(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}
