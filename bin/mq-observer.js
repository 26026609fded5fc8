#!/usr/bin/env node
import { register } from 'tsx/esm/api';

register();
const { watchOutput } = await import('../local/console/output-loss.ts');
const { runCommandLine } = await import('../local/cli/command-line.ts');
// A reader that has gone, as in `mq-observer list | head`, is no failure of ours.
watchOutput({ stdout: process.stdout, stderr: process.stderr });
process.exitCode = await runCommandLine(process.argv.slice(2));
