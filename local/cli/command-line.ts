import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { AddCommands, CommandContext, CommandIo } from './command-context.ts';
import { CommandError } from './command-error.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addCycles } from './commands/cycles.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addDocuments } from './commands/documents.ts';
import { addEstimate } from './commands/estimate.ts';
import { addRegister } from './commands/register.ts';
import { addRegistrations } from './commands/registrations.ts';
import { addRestore } from './commands/restore.ts';
import { addSnapshots } from './commands/snapshots.ts';
import { addStandIns } from './commands/stand-ins.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addTestWakeUp } from './commands/test-wake-up.ts';
import { plain } from './format/plain.ts';

/** In the order in which help lists them. */
const COMMANDS: readonly AddCommands[] = [
  addStart,
  addStatus,
  addRegister,
  addRegistrations,
  addRestore,
  addTestWakeUp,
  addCycles,
  addDocuments,
  addSnapshots,
  addDeadLetters,
  addConfig,
  addEstimate,
  addStandIns,
  addCompletion,
];

/**
 * Runs `mq-observer <argv>` and gives the exit code: 0, 1 when it failed, 2 when it was called in a wrong way. A command's
 * modules are loaded when it is called.
 */
export async function runCommandLine(argv: readonly string[], io: CommandIo = process): Promise<number> {
  let exitCode = 0;
  const endWith = (code: number): void => {
    exitCode = code;
  };
  try {
    await programOf({ io, endWith }).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // What commander has to say it has said by then.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CommandError)) throw error;
    io.stderr.write(`${plain(error.message)}\n`);
    return error.exitCode;
  }
}

function programOf(context: CommandContext): Command {
  const { stdout, stderr } = context.io;
  const program = new Command('mq-observer')
    .description('Wakes applications when an IBM MQ queue holds messages.')
    .version(packageJson.version, '--version', 'print which version this is')
    .addHelpText('after', HELP_END)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });
  for (const add of COMMANDS) add(program, context);
  return program;
}

const HELP_END = `
MQ_OBSERVER_URL says where the observer is (http://127.0.0.1:8080), MQ_OBSERVER_TOKEN who calls. On Code Engine
MQ_OBSERVER_URL is register, and MQ_OBSERVER_ACTUATOR_URL is actuator.
Exit codes: 0 done, 1 failed, 2 called in a wrong way.`;
