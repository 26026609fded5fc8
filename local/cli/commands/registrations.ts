import { Option } from 'commander';
import type { AddCommands } from '../command-context.ts';
import { formatHistory } from '../format/decisions.ts';
import { formatRegistration, formatRegistrations } from '../format/registrations.ts';
import { REGISTRATION } from '../forms.ts';
import { askObserver } from '../observer-command.ts';
import { registrationsOf } from '../paging.ts';

const ID = 'its id';
const PAGE = 1000;

interface ListOptions {
  readonly qmgr?: string;
  readonly queue?: string;
  readonly state?: string;
}

/** `list`, `show`, `why`, `unregister`. */
export const addRegistrations: AddCommands = (program, context) => {
  const list = program
    .command('list')
    .description('Lists registrations.')
    .option('--qmgr <name>', 'those for one queue manager')
    .option('--queue <name>', 'those for one queue')
    .addOption(
      new Option('--state <state>', 'those in one state').choices(['active', 'quarantined', 'retired']),
    );
  askObserver<ListOptions>(list, context, async ({ api, options: { qmgr, queue, state }, print }) => {
    const query = new URLSearchParams({ limit: String(PAGE) });
    for (const [name, value] of Object.entries({ qmgr, queue, state }))
      if (value !== undefined) query.set(name, value);
    const found = await registrationsOf(api, `/register?${query.toString()}`);
    print({ mq_requests: found }, (style) => formatRegistrations(found, style));
    return 0;
  });

  const show = program.command('show').description('Shows one registration.').argument('<id>', ID);
  askObserver(show, context, async ({ api, args: [id = ''], print }) => {
    const { body } = await api.call({ method: 'GET', path: pathOf(id), form: REGISTRATION });
    print(body, (style) => formatRegistration(body, style));
    return 0;
  });

  const why = program
    .command('why')
    .description('Tells what the last cycles decided on one registration, newest first.')
    .argument('<id>', ID);
  askObserver(why, context, async ({ api, args: [id = ''], print }) => {
    const { body } = await api.call({
      method: 'GET',
      path: `${pathOf(id)}/decisions`,
      form: ['decisions', 'list'],
    });
    print(body, (style) => formatHistory(body, style));
    return 0;
  });

  const unregister = program.command('unregister').description('Removes one registration.');
  askObserver(unregister.argument('<id>', ID), context, async ({ api, args: [id = ''], print }) => {
    const { body } = await api.call({ method: 'DELETE', path: pathOf(id), form: REGISTRATION });
    print(body, (style) => `Removed:\n${formatRegistration(body, style)}`);
    return 0;
  });
};

/** The path of one registration. */
export function pathOf(id: string): string {
  return `/register/${encodeURIComponent(id)}`;
}
