import type { AddCommands } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { formatRegistration, hasHeaders, settingsOf, stateOf } from '../format/registrations.ts';
import { askObserver } from '../observer-command.ts';
import { pathOf } from './registrations.ts';

/** `restore`: registers again what is registered, which lifts a quarantine and revives what is retired. */
export const addRestore: AddCommands = (program, context) => {
  const restore = program
    .command('restore')
    .description('Lifts the quarantine of one registration, or revives a retired one.')
    .argument('<id>', 'its id');
  askObserver(restore, context, async ({ api, args: [id = ''], print }) => {
    const { body: found, etag } = await api.call({ method: 'GET', path: pathOf(id) });
    if (stateOf(found) === 'active') {
      print(found, () => 'It is active: there is nothing to lift.');
      return 0;
    }
    if (hasHeaders(found)) throw new CommandError(1, WOULD_LOSE_HEADERS);
    if (etag === undefined) throw new CommandError(1, 'The answer has no ETag: nothing was changed.');
    const json = settingsOf(found);
    const { body } = await api.call({ method: 'POST', path: '/register', json, ifMatch: etag });
    print(body, (style) => formatRegistration(body, style));
    return 0;
  });
};

const WOULD_LOSE_HEADERS =
  'It has delivery.headers, whose values no answer tells: they would be lost. Register it again with its id and its headers (register --from), or wait for the restore cycle.';
