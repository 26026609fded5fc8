import type { Command } from 'commander';
import type { AddCommands, CommandIo } from '../command-context.ts';

type Run = (options: readonly string[], io: Pick<CommandIo, 'stdout' | 'stderr'>) => Promise<number>;

/** `simulate mq`, `simulate code-engine` and `respond`, whose modules read their options themselves. */
export const addStandIns: AddCommands = (program, { io, endWith }) => {
  const passOn = (parent: Command, name: string, description: string, load: () => Promise<Run>): void => {
    parent
      .command(name)
      .description(`${description} (${name} --help tells more)`)
      .helpOption(false)
      .allowUnknownOption()
      .argument('[options...]')
      .action(async (options: readonly string[]) => {
        const run = await load();
        endWith(await run(options, { stdout: io.stdout, stderr: io.stderr }));
      });
  };
  const simulate = program.command('simulate').description('Starts a stand-in for a service.');
  passOn(simulate, 'mq', 'Queue managers with their REST API', async () => {
    const { runSimulateMq } = await import('../../simulators/mq/cli.ts');
    return runSimulateMq;
  });
  passOn(simulate, 'code-engine', 'Code Engine with its IAM', async () => {
    const { runSimulateCodeEngine } = await import('../../simulators/code-engine/cli.ts');
    return runSimulateCodeEngine;
  });
  passOn(program, 'respond', 'Makes this host a NATS target, or a relay', async () => {
    const { runRespond } = await import('../../responder/cli.ts');
    return runRespond;
  });
};
