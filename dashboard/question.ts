import { button, h } from './dom.ts';

/** Whether something is meant that cannot be taken back; at most one such question is open. */
export interface Question<T> {
  /** What it is about. */
  readonly about: () => T | undefined;
  /** It was opened a moment ago: whatever is pressed now was meant for something else. */
  readonly isFresh: () => boolean;
  readonly ask: (about: T) => void;
  readonly drop: () => void;
}

const FRESH_MS = 400;

/** @param changed called when it opens, when it may be answered, and when it is over. */
export function createQuestion<T>(changed: () => void): Question<T> {
  let open: { readonly about: T } | undefined;
  let isFresh = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    about: () => open?.about,
    isFresh: () => isFresh,
    ask: (about) => {
      open = { about };
      isFresh = true;
      clearTimeout(timer);
      timer = setTimeout(() => {
        isFresh = false;
        changed();
      }, FRESH_MS);
      changed();
    },
    drop: () => {
      if (open === undefined) return;
      open = undefined;
      clearTimeout(timer);
      changed();
    },
  };
}

interface QuestionWords {
  readonly label: string;
  /** What it does. */
  readonly means: string;
  readonly confirm: string;
}

/** The question with its two answers; `key` is that of the button which opened it. The focus goes to the harmless one. */
export function questionGroup<T>(
  words: QuestionWords,
  key: string,
  question: Question<T>,
  confirmed: () => void,
): HTMLElement {
  const yes = button(
    words.confirm,
    `${key} yes`,
    ({ detail: clicks }) => {
      if (clicks <= 1) confirmed();
    },
    { class: 'danger', 'data-or': key, ...(question.isFresh() ? { disabled: '' } : {}) },
  );
  return h(
    'div',
    { class: 'confirm', role: 'group', 'aria-label': words.label },
    h('p', { class: 'detail' }, words.means),
    yes,
    button('No', noOf(key), question.drop, { 'data-or': key }),
  );
}

/** The key of the harmless answer. */
export function noOf(key: string): string {
  return `${key} no`;
}
