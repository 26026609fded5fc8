import type { Command } from 'commander';

/** One place on the command line: the commands so far, and what may follow. */
export interface Place {
  /** Empty at the start, else such as ` dead-letters list`: every command with a blank before it. */
  readonly path: string;
  readonly words: readonly Word[];
  /** What may follow options that have choices. */
  readonly values: readonly OptionValues[];
}

export interface OptionValues {
  /** Such as `--state`. */
  readonly option: string;
  readonly choices: readonly string[];
}

export interface Word {
  readonly text: string;
  /** One line for people. */
  readonly about: string;
}

/** All places, worked out from the commands themselves. */
export function placesOf(program: Command): readonly Place[] {
  return placesBelow(program, '');
}

function placesBelow(command: Command, path: string): readonly Place[] {
  const words = [
    ...command.commands.map((one) => ({ text: one.name(), about: aboutOf(one.description()) })),
    ...command.registeredArguments.flatMap(({ argChoices = [], description }) =>
      argChoices.map((text) => ({ text, about: description })),
    ),
    ...command.options.flatMap(({ long, description }) =>
      typeof long === 'string' ? [{ text: long, about: aboutOf(description) }] : [],
    ),
  ];
  const values = command.options.flatMap(({ long, argChoices = [] }) =>
    typeof long === 'string' && argChoices.length > 0 ? [{ option: long, choices: argChoices }] : [],
  );
  return [
    { path, words, values },
    ...command.commands.flatMap((one) => placesBelow(one, `${path} ${one.name()}`)),
  ];
}

/** What comes before the first explanation: completion lists are narrow. */
function aboutOf(description: string): string {
  return description.replace(/[(:;].*$/s, '').trim();
}
