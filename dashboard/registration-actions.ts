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

const LABELS: Readonly<Record<ActionName, { readonly label: string; readonly confirm: string }>> = {
  lift: { label: 'Lift', confirm: 'Yes, register again' },
  unregister: { label: 'Unregister', confirm: 'Yes, unregister' },
};

/** The buttons of one registration; in their place the question whether that is meant. */
export function actionCell(
  { id, queue, state }: RegistrationLook,
  place: string,
  actions: RegistrationActions,
): readonly Child[] {
  const names: readonly ActionName[] = state === 'active' ? ['unregister'] : ['lift', 'unregister'];
  const keyOf = (name: ActionName): string => `${place} ${name} ${id}`;
  const open = names.find((name) => keyOf(name) === actions.asked());
  if (open !== undefined)
    return [
      h(
        'span',
        { class: 'confirm', role: 'group', 'aria-label': `${LABELS[open].label} ${queue}?` },
        button(LABELS[open].confirm, keyOf(open), () => actions.act(open, id), { class: 'danger' }),
        button('No', `${keyOf(open)} no`, () => actions.ask(undefined)),
      ),
    ];
  return names.map((name) =>
    button(LABELS[name].label, keyOf(name), () => actions.ask(keyOf(name)), {
      'aria-label': `${LABELS[name].label} ${queue} ${id}`,
      class: 'quiet',
    }),
  );
}
