import { Command } from 'commander';

/** What a command needs of the process. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Runs `mq-observer <argv>` and gives the exit code. A command's modules are loaded when it is called. */
export async function runCommandLine(argv: readonly string[], io: CommandIo = process): Promise<number> {
  let exitCode = 0;
  const program = new Command('mq-observer').description(
    'Wakes applications when an IBM MQ queue holds messages.',
  );
  const simulate = program.command('simulate').description('Starts a stand-in for a service.');
  simulate
    .command('mq')
    .description('A queue manager with its REST API (mq --help tells more)')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]')
    .action(async (options: readonly string[]) => {
      const { runSimulateMq } = await import('../simulators/mq/cli.ts');
      exitCode = await runSimulateMq(options, io);
    });
  await program.parseAsync(argv, { from: 'user' });
  return exitCode;
}
