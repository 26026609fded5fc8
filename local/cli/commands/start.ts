import type { AddCommands } from '../command-context.ts';

/** `start`. */
export const addStart: AddCommands = (program) => {
  program
    .command('start')
    .description(
      'Runs the whole observer on this machine, until it is stopped; with a demonstration where no queue manager is configured.',
    )
    .action(async () => {
      // The module is a program of its own: it ends the process.
      await import('../../main.ts');
    });
};
