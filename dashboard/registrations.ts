import type { Overview, RegistrationLook } from '../lib/health/overview.ts';
import { button, h, type Child } from './dom.ts';
import { ago, left } from './format.ts';
import { badge, nothing, table, type Column } from './pieces.ts';
import { actionCell, type RegistrationActions } from './registration-actions.ts';
import type { Opening } from './opened.ts';
import { openedPanel } from './opened-panel.ts';
import { PAGE_ROWS, pageOf, SORT_TITLES, type Selection, type SortKey } from './selection.ts';
import { meaningOf } from './words.ts';

/** How the table is looked at, and what changes that. */
export interface RegistrationView {
  readonly selection: Selection;
  readonly select: (change: Partial<Selection>) => void;
  readonly actions: RegistrationActions;
  readonly opening: Opening;
  /** Asks the observer for one that is not among the lines. */
  readonly find: (id: string) => void;
  readonly nowMs: number;
}

/** One page of the registrations that are looked for. */
export function registrationTable(
  matching: readonly RegistrationLook[],
  known: Overview,
  view: RegistrationView,
): readonly Child[] {
  const { selection, select, opening, nowMs } = view;
  if (matching.length === 0) return none(known, view);
  const page = pageOf(matching, selection.page);
  const pages = Math.ceil(matching.length / PAGE_ROWS);
  const turn = (label: string, to: number): HTMLElement =>
    button(
      label,
      label,
      () => select({ page: to }),
      to < 0 || to >= pages ? { 'aria-disabled': 'true' } : {},
    );
  return [
    table('Registrations', columnsOf(view), page.rows, ({ id }) => openedPanel(opening, id, nowMs)),
    pages === 1
      ? null
      : h(
          'nav',
          { class: 'pages', 'aria-label': 'Pages of registrations' },
          turn('Previous', page.index - 1),
          h('span', {}, `Page ${page.index + 1} of ${pages}`),
          turn('Next', page.index + 1),
        ),
  ];
}

function none({ registrations }: Overview, { selection, find }: RegistrationView): readonly Child[] {
  const { total, lines } = registrations;
  if (lines.length === total) return [nothing('No registration is like that.')];
  const id = selection.text.trim();
  return [
    nothing(`None among the ${lines.length.toLocaleString('en')} that are here is like that.`),
    id === '' ? null : button(`Look for the id ${id}`, 'find', () => find(id)),
  ];
}

/** How many there are, and what is left out. */
export function matchingWords(matching: number, { registrations }: Overview): string {
  const { total, lines } = registrations;
  const of = `${matching.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return lines.length < total
    ? `${of}; only the ${lines.length.toLocaleString('en')} that need attention most are here`
    : of;
}

function columnsOf(view: RegistrationView): readonly Column<RegistrationLook>[] {
  const { selection, select, actions, opening, nowMs } = view;
  const sortable = (key: SortKey) => {
    const title = SORT_TITLES[key];
    const isSorted = selection.sort === key;
    const turn = (): void => select({ sort: key, descending: isSorted && !selection.descending, page: 0 });
    const arrow = isSorted ? (selection.descending ? ' ↓' : ' ↑') : '';
    return {
      title,
      heading: button(`${title}${arrow}`, `sort ${key}`, turn, { class: 'sort' }),
      ...(isSorted
        ? { sorted: selection.descending ? ('descending' as const) : ('ascending' as const) }
        : {}),
    };
  };
  return [
    { ...sortable('state'), cell: (one) => stateCell(one, nowMs) },
    {
      ...sortable('queue'),
      cell: ({ qmgr, queue, id }) => [
        h('b', { class: 'name' }, queue),
        h('span', { class: 'muted' }, ` ${qmgr}`),
        h('p', { class: 'detail mono' }, id),
      ],
    },
    { ...sortable('notify'), cell: ({ notify }) => [h('span', { class: 'target' }, notify)] },
    { ...sortable('reason'), cell: (one) => decisionCell(one, nowMs) },
    {
      ...sortable('woken'),
      cell: ({ last_woken: woken }) => [woken === null ? '–' : ago(woken, nowMs)],
    },
    { ...sortable('failcount'), isNumber: true, cell: ({ failcount }) => [failcount] },
    {
      title: 'Actions',
      cell: (one) => [opener(one, opening), ...actionCell(one, 'row', actions)],
    },
  ];
}

function opener({ id, queue }: RegistrationLook, opening: Opening): HTMLElement {
  return button('Details', `open ${id}`, () => opening.toggle(id), {
    'aria-expanded': String(opening.opened()?.id === id),
    'aria-label': `Details ${queue} ${id}`,
    class: 'quiet',
  });
}

function stateCell({ state, backoff }: RegistrationLook, nowMs: number): readonly Child[] {
  return [badge(state), backoff === null ? null : h('p', { class: 'detail' }, left(backoff, nowMs))];
}

function decisionCell({ decision, state_reason: reason }: RegistrationLook, nowMs: number): readonly Child[] {
  if (decision === null) return [h('span', { class: 'muted' }, 'none yet')];
  const depth = decision.depth === null ? '' : ` at depth ${decision.depth.toLocaleString('en')},`;
  const detail = decision.detail ?? reason ?? meaningOf(decision.reason);
  return [
    badge(decision.reason),
    h('span', { class: 'muted' }, `${depth} ${ago(decision.at, nowMs)}`),
    detail === '' ? null : h('p', { class: 'detail' }, detail),
  ];
}

const QUARANTINE_SHOWN = 10;

/** Who is out of service, why, and for how long. */
export function quarantine(overview: Overview, view: RegistrationView): readonly Child[] {
  const { nowMs, actions, select } = view;
  const { lines, quarantined } = overview.registrations;
  if (quarantined === 0) return [nothing('Nobody is in quarantine.')];
  const columns: readonly Column<RegistrationLook>[] = [
    {
      title: 'Queue',
      cell: ({ qmgr, queue }) => [
        h('b', { class: 'name' }, queue),
        h('span', { class: 'muted' }, ` ${qmgr}`),
      ],
    },
    { title: 'Notify', cell: ({ notify }) => [h('span', { class: 'target' }, notify)] },
    {
      title: 'Reason',
      cell: ({ state_reason: reason }) => [h('span', { class: 'reason' }, reason ?? 'not known')],
    },
    {
      title: 'Time left',
      cell: ({ backoff }) => [
        backoff === null ? '–' : h('time', { datetime: backoff, title: backoff }, left(backoff, nowMs)),
      ],
    },
    { title: 'Actions', cell: (one) => actionCell(one, 'quarantine', actions) },
  ];
  const shown = lines.filter(({ state }) => state === 'quarantined').slice(0, QUARANTINE_SHOWN);
  const showAll = (): void => select({ state: 'quarantined', reason: '', text: '', page: 0 });
  return [
    table('Quarantine', columns, shown),
    quarantined <= shown.length ? null : button(`Show all ${quarantined} below`, 'all quarantined', showAll),
  ];
}
