import type { AddCommands } from '../command-context.ts';
import { formatRegistration } from '../format/registrations.ts';
import { REGISTRATION } from '../forms.ts';
import { askObserver } from '../observer-command.ts';
import { pathOf } from './registrations.ts';

/** `restore`: lifts a quarantine and revives what is retired. */
export const addRestore: AddCommands = (program, context) => {
  const restore = program
    .command('restore')
    .description('Lifts the quarantine of one registration, or revives a retired one.')
    .argument('<id>', 'its id');
  askObserver(restore, context, async ({ api, args: [id = ''], print }) => {
    const { body } = await api.call({ method: 'POST', path: `${pathOf(id)}/restore`, form: REGISTRATION });
    print(body, (style) => formatRegistration(body, style));
    return 0;
  });
};
