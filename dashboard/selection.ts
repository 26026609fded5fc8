import type { RegistrationLook } from '../lib/health/overview.ts';

/** By what registrations are sorted, with its name on the page. `urgency`: in the order of the answer. */
export const SORT_TITLES = {
  urgency: 'Urgency',
  state: 'State',
  queue: 'Queue',
  notify: 'Notify',
  reason: 'Last decision',
  woken: 'Last woken',
  failcount: 'Failures',
} as const;

export type SortKey = keyof typeof SORT_TITLES;

/** The sort key of this name; `urgency` for anything else. */
export function sortKeyOf(name: string): SortKey {
  return Object.keys(SORT_TITLES).find((key): key is SortKey => key === name) ?? 'urgency';
}

/** Which registrations are looked for, in which order, and the page that is shown. Empty texts take everything. */
export interface Selection {
  readonly text: string;
  readonly state: string;
  readonly reason: string;
  readonly sort: SortKey;
  readonly descending: boolean;
  /** From 0. */
  readonly page: number;
}

export const EVERYTHING: Selection = {
  text: '',
  state: '',
  reason: '',
  sort: 'urgency',
  descending: false,
  page: 0,
};

/** Rows at once: what a browser lays out without being felt. */
export const PAGE_ROWS = 100;

/** Those that are looked for, in order. Every word has to be somewhere in a registration's names. Pure. */
export function selected(
  lines: readonly RegistrationLook[],
  selection: Selection,
): readonly RegistrationLook[] {
  const words = selection.text.toLowerCase().split(/\s+/);
  const found = lines.filter((one) => {
    const names = `${one.qmgr} ${one.queue} ${one.notify} ${one.id}`.toLowerCase();
    return (
      (selection.state === '' || one.state === selection.state) &&
      (selection.reason === '' || one.decision?.reason === selection.reason) &&
      words.every((word) => names.includes(word))
    );
  });
  if (selection.sort === 'urgency') return found;
  const valueOf = VALUES[selection.sort];
  const sign = selection.descending ? -1 : 1;
  return found.toSorted((one, other) => sign * compare(valueOf(one), valueOf(other)));
}

/** One page of the rows; the last one where there are fewer. Pure. */
export function pageOf<T>(
  rows: readonly T[],
  wanted: number,
): { readonly index: number; readonly rows: readonly T[] } {
  const last = Math.max(0, Math.ceil(rows.length / PAGE_ROWS) - 1);
  const index = Math.min(wanted, last);
  return { index, rows: rows.slice(index * PAGE_ROWS, (index + 1) * PAGE_ROWS) };
}

const VALUES: Readonly<Record<Exclude<SortKey, 'urgency'>, (one: RegistrationLook) => string | number>> = {
  state: ({ state }) => state,
  queue: ({ queue, qmgr }) => `${queue} ${qmgr}`,
  notify: ({ notify }) => notify,
  reason: ({ decision }) => decision?.reason ?? '',
  woken: ({ last_woken: woken }) => woken ?? '',
  failcount: ({ failcount }) => failcount,
};

function compare(one: string | number, other: string | number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
