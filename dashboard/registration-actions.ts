import type { RegistrationLook } from '../lib/health/overview.ts';
import { button, h, type Child } from './dom.ts';
import { noOf, questionGroup, type Question } from './question.ts';

export type ActionName = 'lift' | 'unregister';

/** The action that a person was asked to confirm, and the registration as they saw it. */
export interface AskedAction {
  /** `<place> <action> <id>`. */
  readonly key: string;
  readonly one: RegistrationLook;
}

/** What a person may do with a registration. */
export interface RegistrationActions {
  readonly question: Question<AskedAction>;
  /** Something that was confirmed for this id is under way. */
  readonly isPending: (id: string) => boolean;
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
  { question, isPending, act }: RegistrationActions,
): readonly Child[] {
  const { id, queue } = one;
  const keyOf = ({ name }: ActionWords): string => `${place} ${name} ${id}`;
  const known = actionsOf(one);
  const open = known.find((action) => keyOf(action) === question.about()?.key);
  if (open !== undefined) {
    const words = { ...open, label: `${open.label} ${queue}?` };
    return [questionGroup(words, keyOf(open), question, () => act(open.name, id))];
  }
  const isBusy = isPending(id);
  const buttons = known.map((action) =>
    button(action.label, keyOf(action), () => question.ask({ key: keyOf(action), one }), {
      'aria-label': `${action.label} ${queue} ${id}`,
      class: 'quiet',
      'data-or': noOf(keyOf(action)),
      ...(isBusy ? { 'aria-disabled': 'true' } : {}),
    }),
  );
  return isBusy ? [...buttons, h('p', { class: 'detail' }, 'Under way…')] : buttons;
}

/** Whether the registration that the question is about is still there, and still as it was seen. */
export function isStillMeant({ one }: AskedAction, lines: readonly RegistrationLook[]): boolean {
  const now = lines.find(({ id }) => id === one.id);
  const names = ['qmgr', 'queue', 'notify', 'state'] as const;
  return now !== undefined && names.every((name) => now[name] === one[name]);
}

function actionsOf({ state }: RegistrationLook): readonly ActionWords[] {
  if (state === 'active') return [UNREGISTER];
  return [state === 'retired' ? REVIVE : LIFT, UNREGISTER];
}
