import { Argument } from 'commander';
import { textAt } from '../answers.ts';
import type { AddCommands } from '../command-context.ts';
import { formatCycleReport } from '../format/cycle-report.ts';
import { askObserver } from '../observer-command.ts';

/** The functions that run them. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  notify: 'notify-cycle',
  restore: 'restore-cycle',
  persist: 'persist',
};

/** A run of two minutes at most, and time to answer. */
const TIMEOUT_MS = 150_000;

/** `cycle`. */
export const addCycles: AddCommands = (program, context) => {
  const cycle = program
    .command('cycle')
    .description('Runs a cycle now and prints its report (on the local host).')
    .addArgument(new Argument('<cycle>', 'which one').choices(Object.keys(FUNCTIONS)));
  askObserver(cycle, context, async ({ api, args: [name = ''], print }) => {
    const path = `/functions/${FUNCTIONS[name] ?? ''}`;
    const { body } = await api.call({
      method: 'POST',
      path,
      form: ['outcome', 'text'],
      timeoutMs: TIMEOUT_MS,
    });
    print(body, (style) => formatCycleReport(body, style));
    return ['completed', 'skipped'].includes(textAt(body, 'outcome') ?? '') ? 0 : 1;
  });
};
