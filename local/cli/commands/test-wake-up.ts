import { InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseDuration } from '../../../lib/platform/duration.ts';
import { systemClock } from '../../../lib/platform/system-clock.ts';
import { textAt } from '../answers.ts';
import { awaitTest } from '../await-test.ts';
import type { AddCommands } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { formatTest } from '../format/decisions.ts';
import { plain } from '../format/plain.ts';
import { askObserver } from '../observer-command.ts';
import { pathOf } from './registrations.ts';

interface TestOptions {
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

const LIMIT_MS = 180_000;
const LIMITS = { minMs: 1_000, maxMs: 86_400_000 };

/** `test`. */
export const addTestWakeUp: AddCommands = (program, context) => {
  const test = program
    .command('test')
    .description(
      'Has the next notify cycle wake the target of one registration once; ends with 1 unless it was woken.',
    )
    .argument('<id>', 'its id')
    .option('--no-wait', 'only ask for it: why tells later what came of it')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait, such as PT10M')
        .argParser(duration)
        .default(LIMIT_MS, formatDuration(LIMIT_MS)),
    );
  askObserver<TestOptions>(test, context, async ({ api, args: [id = ''], options, io, print }) => {
    const path = `${pathOf(id)}/test`;
    const { body } = await api.call({ method: 'POST', path, form: ['request', 'text'] });
    if (!options.wait) {
      print(body, () => plain(textAt(body, 'message') ?? 'The test wake-up was asked for.'));
      return 0;
    }
    const request = textAt(body, 'request') ?? '';
    if (io.stderr.isTTY === true) io.stderr.write('Waiting for the next notify cycle\n');
    const asked = { path: `${pathOf(id)}/decisions`, request };
    const found = await awaitTest(api, asked, options.timeout, systemClock);
    if (found === undefined) throw new CommandError(1, notSent(options.timeout));
    print(found, (style) => formatTest(found, style));
    return textAt(found, 'test', 'reason') === 'woken' ? 0 : 1;
  });
};

function duration(text: string): number {
  const read = parseDuration(text, LIMITS);
  if (read.ok) return read.ms;
  throw new InvalidArgumentError(`What is needed is ${read.expected}.`);
}

function notSent(limitMs: number): string {
  return `No notify cycle sent it within ${formatDuration(limitMs)}. It stays asked for: status tells whether cycles run, why what came of it.`;
}
