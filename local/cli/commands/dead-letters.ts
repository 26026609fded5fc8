import { countAt, entriesAt, listAt } from '../answers.ts';
import type { AddCommands } from '../command-context.ts';
import { plain } from '../format/plain.ts';
import { counted, formatTable } from '../format/table.ts';
import { askObserver } from '../observer-command.ts';

/** `dead-letters list` and `dead-letters replay`. */
export const addDeadLetters: AddCommands = (program, context) => {
  const deadLetters = program.command('dead-letters').description('Events that could not be delivered.');
  const list = deadLetters.command('list').description('Tells how many there are, by endpoint.');
  askObserver(list, context, async ({ api, print }) => {
    const { body } = await api.call({
      method: 'GET',
      path: '/admin/dead-letters',
      form: ['dead_letters', 'members'],
    });
    print(body, (style) => {
      const rows = entriesAt(body, 'dead_letters').map(([name]) => [
        name,
        countAt(body, 'dead_letters', name),
      ]);
      return rows.length === 0 ? 'No dead letters' : formatTable(['ENDPOINT', 'DEAD LETTERS'], rows, style);
    });
    return 0;
  });

  const replay = deadLetters
    .command('replay')
    .description('Delivers them again, with the next cycle.')
    .argument('[endpoint]', 'those of one endpoint only');
  askObserver(replay, context, async ({ api, args: [endpoint], print }) => {
    const query = endpoint === undefined ? '' : `?endpoint=${encodeURIComponent(endpoint)}`;
    const path = `/admin/dead-letters/replay${query}`;
    const { body } = await api.call({ method: 'POST', path, form: ['replayed', 'count'] });
    const replayed = countAt(body, 'replayed');
    const damaged = listAt(body, 'damaged').map(String);
    print(body, (style) =>
      [
        ...(replayed === 0 && damaged.length === 0 ? [nothingToReplay(endpoint)] : []),
        ...(replayed === 0
          ? []
          : [`${counted(replayed, 'dead letter')} replayed: they go out with the next cycle`]),
        ...(damaged.length === 0
          ? []
          : [
              formatTable(
                ['DAMAGED'],
                damaged.map((key) => [key]),
                style,
              ),
            ]),
      ].join('\n\n'),
    );
    return damaged.length === 0 ? 0 : 1;
  });
};

/** Which endpoints there are the observer does not tell: one that is unknown has no dead letters, either. */
function nothingToReplay(endpoint: string | undefined): string {
  if (endpoint === undefined) return 'Nothing to replay: there are no dead letters';
  return `Nothing to replay: no endpoint ${JSON.stringify(plain(endpoint))} has dead letters`;
}
