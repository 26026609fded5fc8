import { watchOutput } from '../console/output-loss.ts';
import { runCommandLine } from './command-line.ts';

// A reader that has gone, as in `mq-observer list | head`, is no failure of ours.
watchOutput({ stdout: process.stdout, stderr: process.stderr });
process.exitCode = await runCommandLine(process.argv.slice(2));
