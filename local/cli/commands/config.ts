import { readFileSync } from 'node:fs';
import type { AddCommands } from '../command-context.ts';
import { formatConfiguration, formatProblems } from '../format/configuration.ts';
import { plainJson } from '../format/plain.ts';
import { styleFor } from '../observer-command.ts';

/** `config check`. */
export const addConfig: AddCommands = (program, { io, endWith }) => {
  const config = program.command('config').description('The configuration of the observer.');
  config
    .command('check')
    .description(
      'Reads the environment and env.json as the functions do, and tells everything that is wrong.',
    )
    .option('--json', 'print it for programs')
    .action(async (options: { readonly json?: boolean }) => {
      const { loadConfiguration } = await import('../../../lib/platform/configuration/load-configuration.ts');
      const { describeConfiguration } =
        await import('../../../lib/platform/configuration/describe-configuration.ts');
      const { planStart } = await import('../../host/plan-start.ts');
      const sources = {
        env: environmentOf(io.env),
        readText: (path: string) => readFileSync(path, 'utf8'),
        cwd: process.cwd(),
      };
      const loaded = loadConfiguration(sources.env, sources.readText);
      endWith(loaded.ok ? 0 : 1);
      // The functions are configured all the same: elsewhere they may well run like this.
      const planned = planStart(sources);
      const refusals = loaded.ok && !planned.ok ? planned.problems : [];
      const described = loaded.ok ? describeConfiguration(loaded.configuration) : undefined;
      if (options.json === true) {
        const problems = loaded.ok ? [] : loaded.problems;
        io.stdout.write(`${plainJson({ ...described, problems, start_problems: refusals })}\n`);
      } else if (described !== undefined)
        io.stdout.write(`${formatConfiguration(described, refusals, styleFor(io.stdout, io.env))}\n`);
      else if (!loaded.ok)
        io.stderr.write(`${formatProblems(loaded.problems, styleFor(io.stderr, io.env))}\n`);
    });
};

function environmentOf(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
