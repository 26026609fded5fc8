import type { PastEntry } from './answers.ts';
import { button, h, type Child } from './dom.ts';
import { ago } from './format.ts';
import type { Opening } from './opened.ts';
import { badge, nothing } from './pieces.ts';
import { meaningInTest, meaningOf } from './words.ts';

const DECISIONS_SHOWN = 10;

/** Below the registration that is open: its test wake-up, and what the last cycles decided on it. */
export function openedPanel(opening: Opening, id: string, nowMs: number): HTMLElement | undefined {
  const opened = opening.opened();
  if (opened?.id !== id) return undefined;
  const { past, trouble, awaited, isAsking } = opened;
  const lastTest = past?.tests[0];
  const test =
    awaited !== undefined
      ? ['It goes out with the next notify cycle; what comes of it is shown here.']
      : lastTest !== undefined
        ? ['Last test: ', ...entry(lastTest.started, inTest(lastTest.test), nowMs)]
        : ['One attempt with the next notify cycle, whatever the queue holds. Nothing else changes.'];
  const decisions = past?.decisions.slice(0, DECISIONS_SHOWN) ?? [];
  return h(
    'div',
    { class: 'panel', role: 'group', 'aria-label': `Details of ${id}` },
    h(
      'div',
      { class: 'run' },
      button('Send a test wake-up', `test ${id}`, () => void opening.test(), {
        'data-or': `open ${id}`,
        ...(isAsking ? { 'aria-disabled': 'true' } : {}),
      }),
      h('p', { class: 'test' }, ...test),
    ),
    h('h3', {}, 'Last decisions'),
    trouble === undefined ? null : h('p', { class: 'unknown' }, trouble),
    decisions.length === 0
      ? nothing(past === undefined ? 'Not known.' : 'No cycle has decided on it yet.')
      : h(
          'ol',
          {},
          ...decisions.map(({ started, decision }) => h('li', {}, ...entry(started, decision, nowMs))),
        ),
  );
}

function inTest(test: PastEntry): PastEntry {
  return { ...test, detail: test.detail ?? meaningInTest(test.reason), depth: null };
}

function entry(started: string, { reason, detail, depth }: PastEntry, nowMs: number): readonly Child[] {
  const at = typeof depth === 'number' ? ` at depth ${depth.toLocaleString('en')},` : '';
  return [
    badge(reason),
    h('span', { class: 'muted' }, `${at} ${ago(started, nowMs)} `),
    h('span', { class: 'detail' }, detail ?? meaningOf(reason)),
  ];
}
