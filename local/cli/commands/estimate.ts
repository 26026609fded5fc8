import { InvalidArgumentError } from 'commander';
import type { AddCommands } from '../command-context.ts';
import type { Workload } from '../estimate/workload.ts';
import { plainJson, plainLines } from '../format/plain.ts';
import { styleFor } from '../observer-command.ts';
import { readJsonInput } from '../read-input.ts';

interface Options {
  readonly registrations: number;
  readonly queueManagers: number;
  readonly interval: number;
  readonly restoreInterval: number;
  readonly persistInterval: number;
  readonly changesPerDay?: number;
  readonly wakeUpsPerDay?: number;
  readonly remembered: number;
  readonly scrapesPerDay: number;
  readonly endpoints: number;
  readonly fanoutRegistrations: number;
  readonly warm?: boolean;
  readonly figures?: string;
  readonly json?: boolean;
}

/** `estimate`. */
export const addEstimate: AddCommands = (program, { io }) => {
  program
    .command('estimate')
    .description(
      'Estimates what an observer asks of the store and of Code Engine in a month, and what that costs.',
    )
    .requiredOption('--registrations <n>', 'how many there are', numberUpTo(1e9))
    .option('--queue-managers <n>', 'how many are read', numberUpTo(1e6), 1)
    .option('--interval <minutes>', 'between notify cycles', minutes, 5)
    .option('--restore-interval <minutes>', 'between restore cycles', minutes, 60)
    .option('--persist-interval <minutes>', 'between persist cycles', minutes, 10)
    .option('--changes-per-day <n>', 'registered, or again (default: each once)', numberUpTo(1e9))
    .option('--wake-ups-per-day <n>', 'targets woken (default: each once)', numberUpTo(1e9))
    .option(
      '--remembered <share>',
      'of registrations with a cooldown, a job or failures, 0 to 1',
      numberUpTo(1),
      0,
    )
    .option('--scrapes-per-day <n>', 'readings of /metrics', numberUpTo(1e9), 0)
    .option('--endpoints <n>', 'endpoints that are told all events', numberUpTo(1000), 0)
    .option(
      '--fanout-registrations <n>',
      'FANOUT_REGISTRATIONS, with FANOUT_URL set',
      wholeUpTo(1e9, 'Registrations'),
      100_000,
    )
    .option('--warm', 'instances stay, as on a machine of your own; else each run is cold')
    .option('--figures <file>', 'JSON with prices and assumptions in place of the documented ones, or -')
    .option('--json', 'print it for programs')
    .action(async (options: Options) => {
      const { estimate } = await import('../estimate/estimate.ts');
      const { formatEstimate } = await import('../format/estimate.ts');
      const { FIGURES, figuresWith } = await import('../estimate/figures.ts');
      const { figures: file, json } = options;
      const figures = file === undefined ? FIGURES : figuresWith(await readJsonInput(file, io.stdin));
      const workload = workloadOf(options);
      const estimated = estimate(workload, figures);
      const text =
        json === true
          ? plainJson({ workload: inSnakeCase(workload), ...estimated, figures })
          : plainLines(formatEstimate(estimated, workload, figures, styleFor(io.stdout, io.env)));
      io.stdout.write(`${text}\n`);
    });
};

function workloadOf(options: Options): Workload {
  const { registrations, interval, restoreInterval, persistInterval } = options;
  return {
    registrations,
    queueManagers: options.queueManagers,
    minutesBetween: { notify: interval, restore: restoreInterval, persist: persistInterval },
    changesPerDay: options.changesPerDay ?? registrations,
    wakeUpsPerDay: options.wakeUpsPerDay ?? registrations,
    rememberedShare: options.remembered,
    scrapesPerDay: options.scrapesPerDay,
    endpoints: options.endpoints,
    fanOutRegistrations: options.fanoutRegistrations,
    warm: options.warm === true,
  };
}

/** As all that is printed for programs has its names. */
function inSnakeCase(workload: Workload): object {
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(workload).map(([name, value]) => [snake(name), value]));
}

function numberUpTo(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= 0 && value <= max))
      throw new InvalidArgumentError(`A number from 0 to ${max} is needed.`);
    return value;
  };
}

function wholeUpTo(max: number, what: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`${what} from 1 to ${max} are needed.`);
  };
}

const minutes = wholeUpTo(525_600, 'Whole minutes');
