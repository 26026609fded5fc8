import { countAt, entriesAt, listAt } from '../answers.ts';
import type { AddCommands } from '../command-context.ts';
import { counted, formatTable } from '../format/table.ts';
import { askObserver } from '../observer-command.ts';

/** `dead-letters list` and `dead-letters replay`. */
export const addDeadLetters: AddCommands = (program, context) => {
  const deadLetters = program.command('dead-letters').description('Events that could not be delivered.');
  const list = deadLetters.command('list').description('Tells how many there are, by endpoint.');
  askObserver(list, context, async ({ api, print }) => {
    const { body } = await api.call({ method: 'GET', path: '/admin/dead-letters' });
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
    const { body } = await api.call({ method: 'POST', path: `/admin/dead-letters/replay${query}` });
    const damaged = listAt(body, 'damaged').map(String);
    print(body, (style) =>
      [
        `${counted(countAt(body, 'replayed'), 'dead letter')} replayed: they go out with the next cycle`,
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
