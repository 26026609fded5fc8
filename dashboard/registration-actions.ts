import type { RegistrationLook } from '../lib/health/overview.ts';
import { button, h, type Child } from './dom.ts';

export type ActionName = 'lift' | 'unregister';

/** What a person may do with a registration, and what they were asked to confirm. */
export interface RegistrationActions {
  /** `<place> <action> <id>` of the question that is open. */
  readonly asked: () => string | undefined;
  readonly ask: (question: string | undefined) => void;
  readonly act: (name: ActionName, id: string) => void;
}

interface ActionWords {
  readonly name: ActionName;
  readonly label: string;
  readonly confirm: string;
  /** What it does. */
  readonly means: string;
}

const LIFT: ActionWords = {
  name: 'lift',
  label: 'Lift',
  confirm: 'Yes, restore',
  means: 'Its failures are forgotten: the next cycle wakes it if its queue asks for that.',
};
const REVIVE: ActionWords = {
  ...LIFT,
  label: 'Revive',
  means: 'Its target said that it is gone (410). It is woken again, until its target repeats that.',
};
const UNREGISTER: ActionWords = {
  name: 'unregister',
  label: 'Unregister',
  confirm: 'Yes, unregister',
  means: 'Removes it: it is not woken any more.',
};

/** The buttons of one registration; in their place the question whether that is meant. */
export function actionCell(
  one: RegistrationLook,
  place: string,
  actions: RegistrationActions,
): readonly Child[] {
  const { id, queue } = one;
  const keyOf = ({ name }: ActionWords): string => `${place} ${name} ${id}`;
  const known = actionsOf(one);
  const open = known.find((action) => keyOf(action) === actions.asked());
  if (open !== undefined)
    return [
      h(
        'div',
        { class: 'confirm', role: 'group', 'aria-label': `${open.label} ${queue}?` },
        h('p', { class: 'detail' }, open.means),
        button(open.confirm, keyOf(open), () => actions.act(open.name, id), { class: 'danger' }),
        button('No', `${keyOf(open)} no`, () => actions.ask(undefined)),
      ),
    ];
  return known.map((action) =>
    button(action.label, keyOf(action), () => actions.ask(keyOf(action)), {
      'aria-label': `${action.label} ${queue} ${id}`,
      class: 'quiet',
    }),
  );
}

function actionsOf({ state }: RegistrationLook): readonly ActionWords[] {
  if (state === 'active') return [UNREGISTER];
  return [state === 'retired' ? REVIVE : LIFT, UNREGISTER];
}
