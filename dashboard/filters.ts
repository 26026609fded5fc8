import type { Overview } from '../lib/health/overview.ts';
import { h, part } from './dom.ts';
import { SORT_TITLES, sortKeyOf, type Selection } from './selection.ts';

/** Starts search, filters and order. The result shows in them how is selected, and what there is to select by. */
export function startFilters(
  select: (change: Partial<Selection>) => void,
): (known: Overview, selection: Selection) => void {
  const search = part('search', HTMLInputElement);
  const state = part('state-filter', HTMLSelectElement);
  const reason = part('reason-filter', HTMLSelectElement);
  const sort = part('sort', HTMLSelectElement);
  sort.replaceChildren(...Object.entries(SORT_TITLES).flatMap(([key, title]) => orders(key, title)));
  search.addEventListener('input', () => select({ text: search.value, page: 0 }));
  state.addEventListener('change', () => select({ state: state.value, page: 0 }));
  reason.addEventListener('change', () => select({ reason: reason.value, page: 0 }));
  sort.addEventListener('change', () => {
    const [key = '', direction] = sort.value.split(' ');
    select({ sort: sortKeyOf(key), descending: direction === DESCENDING, page: 0 });
  });
  return ({ registrations }, selection) => {
    const reasons = registrations.lines.flatMap(({ decision }) =>
      decision === null ? [] : [decision.reason],
    );
    if (search.value !== selection.text) search.value = selection.text;
    fill(state, ['active', 'quarantined', 'retired'], selection.state);
    fill(reason, [...new Set(reasons)].toSorted(), selection.reason);
    sort.value = selection.descending ? `${selection.sort} ${DESCENDING}` : selection.sort;
  };
}

const DESCENDING = 'descending';

function orders(key: string, title: string): readonly HTMLOptionElement[] {
  const ascending = h('option', { value: key }, title);
  if (key === 'urgency') return [ascending];
  return [ascending, h('option', { value: `${key} ${DESCENDING}` }, `${title}, ${DESCENDING}`)];
}

function fill(list: HTMLSelectElement, values: readonly string[], chosen: string): void {
  const all = ['', ...new Set([...values, ...(chosen === '' ? [] : [chosen])])];
  if (all.join('\n') !== [...list.options].map(({ value }) => value).join('\n'))
    list.replaceChildren(...all.map((value) => h('option', { value }, value === '' ? 'all' : value)));
  list.value = chosen;
}
