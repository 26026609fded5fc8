import { Argument } from 'commander';
import type { AddCommands } from '../command-context.ts';
import { placesOf } from '../completion/command-places.ts';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.ts';

/** `completion`. */
export const addCompletion: AddCommands = (program, { io }) => {
  program
    .command('completion')
    .description('Prints what makes a shell complete this command: source <(mq-observer completion bash)')
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .action((shell: Shell) => {
      io.stdout.write(completionScript(shell, placesOf(program)));
    });
};
