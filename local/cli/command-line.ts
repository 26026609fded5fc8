import { Command } from 'commander';
import { ApiError, callApi, type ApiOptions } from './api.ts';

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
  const deadLetters = program.command('dead-letters').description('Events that could not be delivered.');
  /** A command that calls an observer and prints what it answers. */
  const calling = (
    command: Command,
    call: (given: string | undefined) => readonly [string, string],
  ): void => {
    command
      .option('--url <url>', 'the observer', process.env['MQ_OBSERVER_URL'] ?? 'http://127.0.0.1:8080')
      .option('--token <token>', 'an admin token', process.env['MQ_OBSERVER_TOKEN'])
      .action(async () => {
        exitCode = await printAnswer(io, command.opts<ApiOptions>(), call(command.args[0]));
      });
  };
  calling(deadLetters.command('list').description('How many there are, by endpoint.'), () => [
    'GET',
    '/admin/dead-letters',
  ]);
  calling(
    deadLetters
      .command('replay')
      .description('Delivers them again, with the next cycle.')
      .argument('[endpoint]', 'those of one endpoint only'),
    (endpoint) => [
      'POST',
      `/admin/dead-letters/replay${endpoint === undefined ? '' : `?endpoint=${encodeURIComponent(endpoint)}`}`,
    ],
  );
  await program.parseAsync(argv, { from: 'user' });
  return exitCode;
}

async function printAnswer(
  { stdout, stderr }: CommandIo,
  options: ApiOptions,
  [method, path]: readonly [string, string],
): Promise<number> {
  try {
    stdout.write(`${JSON.stringify(await callApi(options, method, path), null, 2)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}
