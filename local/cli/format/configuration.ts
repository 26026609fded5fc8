import type { DescribedConfiguration } from '../../../lib/platform/configuration/describe-configuration.ts';
import type { ConfigurationProblem } from '../../../lib/platform/configuration/findings.ts';
import { plain } from './plain.ts';
import type { Style } from './style.ts';
import { counted, formatTable, type Cell } from './table.ts';

/** What is in force, secrets masked, and what is remarkable about it; `refusals` keep `start` alone from running with it. */
export function formatConfiguration(
  described: DescribedConfiguration,
  refusals: readonly ConfigurationProblem[],
  style: Style,
): string {
  const { settings, queue_managers: queueManagers, warnings } = described;
  const keys = ['qmgr', 'urls', 'api', 'login', 'user', 'password', 'gateway', 'allow_self_signed'];
  return [
    formatTable(
      ['SETTING', 'VALUE'],
      Object.entries(settings).map(([name, value]) => [name, inWords(value)]),
      style,
    ),
    queueManagers.length === 0
      ? 'No queue manager is configured.'
      : formatTable(
          keys.map((key) => key.toUpperCase()),
          queueManagers.map((one) => keys.map((key) => inWords(one[key]))),
          style,
        ),
    ...warnings.map((warning) => style(`Remark: ${plain(warning)}`, 'warning')),
    ...refusals.map(({ key, message }) =>
      style(`Remark: start refuses this: ${plain(key)} ${plain(message)}`, 'warning'),
    ),
    'The configuration is valid.',
  ].join('\n\n');
}

/** Everything that is wrong, a line each. */
export function formatProblems(problems: readonly ConfigurationProblem[], style: Style): string {
  const heading = `The configuration is not valid: ${counted(problems.length, 'problem')}.`;
  const lines = problems.map(({ key, message }) => `  ${plain(key)} ${plain(message)}`);
  return [style(heading, 'bad'), ...lines].join('\n');
}

/** Blank for what is not set. */
function inWords(value: unknown): Cell {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map((item) => String(inWords(item) ?? '')).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
