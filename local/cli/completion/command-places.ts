import type { Command } from 'commander';

/** One place on the command line: the commands so far, and what may follow. */
export interface Place {
  /** Empty at the start, else such as ` dead-letters list`: every command with a blank before it. */
  readonly path: string;
  readonly words: readonly Word[];
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
  return [{ path, words }, ...command.commands.flatMap((one) => placesBelow(one, `${path} ${one.name()}`))];
}

/** What comes before the first explanation: completion lists are narrow. */
function aboutOf(description: string): string {
  return description.replace(/[(:;].*$/s, '').trim();
}
