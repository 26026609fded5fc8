import { Command } from 'commander';

/** What a command needs of the process. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

type Run = (options: readonly string[], io: CommandIo) => Promise<number>;

/** Runs `mq-observer <argv>` and gives the exit code. A command's modules are loaded when it is called. */
export async function runCommandLine(argv: readonly string[], io: CommandIo = process): Promise<number> {
  let exitCode = 0;
  const program = new Command('mq-observer').description(
    'Wakes applications when an IBM MQ queue holds messages.',
  );
  /** A command with options of its own, which its module reads. */
  const passOn = (parent: Command, name: string, description: string, run: Run): void => {
    parent
      .command(name)
      .description(`${description} (${name} --help tells more)`)
      .helpOption(false)
      .allowUnknownOption()
      .argument('[options...]')
      .action(async (options: readonly string[]) => {
        exitCode = await run(options, io);
      });
  };
  const simulate = program.command('simulate').description('Starts a stand-in for a service.');
  passOn(simulate, 'mq', 'Queue managers with their REST API', async (...call) => {
    const { runSimulateMq } = await import('../simulators/mq/cli.ts');
    return runSimulateMq(...call);
  });
  passOn(simulate, 'code-engine', 'Code Engine with its IAM', async (...call) => {
    const { runSimulateCodeEngine } = await import('../simulators/code-engine/cli.ts');
    return runSimulateCodeEngine(...call);
  });
  passOn(program, 'respond', 'Makes this host a NATS target, or a relay', async (...call) => {
    const { runRespond } = await import('../responder/cli.ts');
    return runRespond(...call);
  });
  await program.parseAsync(argv, { from: 'user' });
  return exitCode;
}
