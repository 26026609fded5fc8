import { listAt, textAt } from '../answers.ts';
import type { Api } from '../api.ts';
import type { AddCommands } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { formatRestored } from '../format/import.ts';
import { formatTable } from '../format/table.ts';
import { TAKEN, type Form } from '../forms.ts';
import { askObserver } from '../observer-command.ts';

/** `snapshot list` and `snapshot restore`. */
export const addSnapshots: AddCommands = (program, context) => {
  const snapshot = program.command('snapshot').description('Backups: what the persist cycles wrote.');
  const list = snapshot.command('list').description('Lists the backups, newest first.');
  askObserver(list, context, async ({ api, print }) => {
    const { body } = await api.call({ method: 'GET', path: PATH, form: BACKUPS });
    print(body, (style) => {
      const names = ['name', 'created', 'size_bytes'] as const;
      const rows = listAt(body, 'backups').map((backup) => names.map((name) => textAt(backup, name)));
      return rows.length === 0 ? NO_BACKUP : formatTable(['NAME', 'CREATED', 'SIZE_BYTES'], rows, style);
    });
    return 0;
  });

  const restore = snapshot
    .command('restore')
    .description('Brings back what is missing; what is there is left alone, and nothing is removed.')
    .argument('<name>', 'the backup (snapshot list), or latest')
    .option('--overwrite', 'put back what is there, too: what was changed since then is lost');
  askObserver<{ readonly overwrite?: boolean }>(restore, context, async (asked) => {
    const { api, args, options, print } = asked;
    const [given = ''] = args;
    const name = given === 'latest' ? await latestOf(api) : given;
    const query = options.overwrite === true ? '?overwrite=true' : '';
    const path = `${PATH}/${encodeURIComponent(name)}/restore${query}`;
    const { body } = await api.call({ method: 'POST', path, form: TAKEN });
    print(body, (style) => formatRestored(body, style));
    return listAt(body, 'refused').length === 0 ? 0 : 1;
  });
};

const PATH = '/admin/backups';
const BACKUPS: Form = ['backups', 'list'];
const NO_BACKUP = 'No backups: a persist cycle writes one when anything has changed.';

/** @throws {CommandError} when there is none. */
async function latestOf(api: Api): Promise<string> {
  const { body } = await api.call({ method: 'GET', path: PATH, form: BACKUPS });
  const name = textAt(listAt(body, 'backups')[0], 'name');
  if (name === undefined) throw new CommandError(1, NO_BACKUP);
  return name;
}
