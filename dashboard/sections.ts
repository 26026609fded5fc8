import type {
  CycleRunLook,
  EndpointLook,
  HealthLook,
  Overview,
  QueueLook,
  QueueManagerState,
} from '../lib/health/overview.ts';
import { button, h, type Child } from './dom.ts';
import { ago, counted, left, took } from './format.ts';
import { badge, bars, line, nothing, table } from './pieces.ts';

/** The numbers that say whether anybody has to look further. */
export function glance(overview: Overview, nowMs: number): readonly HTMLElement[] {
  const { registrations, queue_managers: managers, endpoints: told, cycles: runs } = overview;
  const answering = managers.filter(({ outcome }) => outcome === 'ok').length;
  const waiting = told.reduce((sum, { metrics }) => sum + metrics.Pending, 0);
  const last = runs.find(({ cycle }) => cycle === 'notify');
  const isDown = overview.health.components['cycle:notify']?.status === 'DOWN';
  return [
    tile('Active', registrations.active, `of ${counted(registrations.total, 'registration')}`),
    tile('Quarantined', registrations.quarantined, 'failed too often', registrations.quarantined > 0),
    tile('Retired', registrations.retired, 'their targets are gone'),
    tile('Damaged', registrations.damaged, 'cannot be read', registrations.damaged > 0),
    tile(
      'Queue managers',
      `${answering}/${managers.length}`,
      'answered last time',
      answering < managers.length,
    ),
    tile('Events waiting', waiting, `for ${counted(told.length, 'endpoint')}`),
    tile(
      'Notify cycle',
      last === undefined ? '–' : took(last.duration_ms),
      last === undefined ? 'has not run yet' : `${last.outcome}, ${ago(last.started, nowMs)}`,
      isDown || last?.outcome === 'failed',
    ),
  ];
}

function tile(title: string, value: number | string, words: string, isBad = false): HTMLElement {
  return h(
    'div',
    { class: isBad ? 'tile bad' : 'tile' },
    h('span', { class: 'title' }, title),
    h('strong', {}, value),
    h('span', { class: 'muted' }, words),
  );
}

/** Every component with its status, those that are not well first and with the reason. */
export function healthComponents({ components }: HealthLook): readonly HTMLElement[] {
  const entries = Object.entries(components);
  const rank = (status: string): number => ['DOWN', 'INIT', 'UP'].indexOf(status);
  return entries
    .toSorted(([, one], [, other]) => rank(one.status) - rank(other.status))
    .map(([name, { status, details }]) =>
      h(
        'li',
        {},
        badge(status),
        h('span', { class: 'name' }, name),
        status === 'UP' ? null : h('span', { class: 'muted' }, reasonIn(details)),
      ),
    );
}

function reasonIn(details: Readonly<Record<string, unknown>> | undefined): string {
  const reason = details?.['reason'] ?? details?.['error'];
  return typeof reason === 'string' ? reason : JSON.stringify(details ?? '').slice(0, 300);
}

/** What each queue manager answered in the last notify cycle. */
export function queueManagers(managers: readonly QueueManagerState[], nowMs: number): HTMLElement {
  if (managers.length === 0) return nothing('None has been asked yet.');
  const columns = [
    { title: 'Queue manager', cell: (one: QueueManagerState) => [h('b', { class: 'name' }, one.qmgr)] },
    {
      title: 'Last answer',
      cell: ({ outcome, error, warnings, at }: QueueManagerState): readonly Child[] => [
        badge(outcome),
        h('span', { class: 'muted' }, ` ${ago(at, nowMs)}`),
        ...[error, ...warnings].map((words) => (words === null ? null : h('p', { class: 'detail' }, words))),
      ],
    },
    { title: 'Queues with messages', isNumber: true, cell: (one: QueueManagerState) => [one.queues] },
    { title: 'Took', isNumber: true, cell: (one: QueueManagerState) => [took(one.duration_ms)] },
  ];
  return table('Queue managers', columns, managers);
}

const QUEUES_SHOWN = 12;

/** The deepest queues, each with a line over the recent cycles. */
export function queues(all: readonly QueueLook[], showsAll: boolean, toggle: () => void): readonly Child[] {
  if (all.length === 0) return [nothing('Nobody has registered for a queue.')];
  const columns = [
    {
      title: 'Queue',
      cell: ({ qmgr, queue }: QueueLook) => [
        h('b', { class: 'name' }, queue),
        h('span', { class: 'muted' }, ` ${qmgr}`),
      ],
    },
    {
      title: 'Recent cycles',
      cell: ({ queue, depths }: QueueLook) => [line(depthWords(queue, depths), depths)],
    },
    { title: 'Depth', isNumber: true, cell: ({ depths }: QueueLook) => [lastOf(depths)] },
    { title: 'Registrations', isNumber: true, cell: (one: QueueLook) => [one.registrations] },
  ];
  const more = `Show all ${counted(all.length, 'queue')}`;
  return [
    table('Queues', columns, showsAll ? all : all.slice(0, QUEUES_SHOWN)),
    all.length <= QUEUES_SHOWN ? null : button(showsAll ? 'Show fewer' : more, 'queues', toggle),
  ];
}

function lastOf(depths: readonly (number | null)[]): number | string {
  return depths.length === 0 ? '–' : (depths.at(-1) ?? 'not read');
}

function depthWords(queue: string, depths: readonly (number | null)[]): string {
  const known = depths.filter((depth) => depth !== null);
  if (known.length === 0) return `Depth of ${queue}: not known`;
  return `Depth of ${queue} over ${counted(depths.length, 'cycle')}: from ${Math.min(...known)} to ${Math.max(...known)}, last ${depths.at(-1) ?? 'not known'}`;
}

/** Who is told lifecycle events, and how that goes. */
export function endpoints(all: readonly EndpointLook[], nowMs: number): HTMLElement {
  if (all.length === 0) return nothing('None is configured (EVENT_ENDPOINTS).');
  const counter = (title: 'Pending' | 'Events' | 'Successes' | 'Failures' | 'Errors') => ({
    title,
    isNumber: true,
    cell: ({ metrics }: EndpointLook) => [metrics[title]],
  });
  const columns = [
    {
      title: 'Endpoint',
      cell: ({ name, url, disabled }: EndpointLook) => [
        h('b', { class: 'name' }, name),
        disabled ? badge('disabled') : null,
        h('p', { class: 'detail' }, url),
      ],
    },
    {
      title: 'Breaker',
      cell: ({ breaker, open_until: until }: EndpointLook) => [
        badge(breaker),
        until === null ? null : h('span', { class: 'muted' }, ` ${left(until, nowMs)}`),
      ],
    },
    counter('Pending'),
    {
      title: 'Oldest',
      cell: ({ oldest }: EndpointLook) => [oldest === null ? '–' : ago(oldest, nowMs)],
    },
    counter('Events'),
    counter('Successes'),
    counter('Failures'),
    counter('Errors'),
  ];
  return table('Event endpoints', columns, all);
}

const RUNS_SHOWN = 30;

/** How the last runs of each cycle went. */
export function cycles(all: readonly CycleRunLook[], nowMs: number): readonly HTMLElement[] {
  return ['notify', 'restore', 'persist'].map((name) => {
    const runs = all.filter(({ cycle }) => cycle === name).slice(0, RUNS_SHOWN);
    const [last] = runs;
    if (last === undefined)
      return h('div', { class: 'card' }, h('h3', {}, name), nothing('Has not run yet.'));
    const words = `Durations of the last ${counted(runs.length, 'run')} of ${name}, the last ${took(last.duration_ms)}`;
    const shown = runs.map(({ duration_ms: ms, outcome: word }) => ({ ms, word })).toReversed();
    return h(
      'div',
      { class: 'card' },
      h('h3', {}, name, ' ', badge(last.outcome)),
      h('p', { class: 'muted' }, `${ago(last.started, nowMs)}, took ${took(last.duration_ms)}`),
      bars(words, shown, RUNS_SHOWN),
      h('ul', { class: 'problems' }, ...last.problems.slice(0, 5).map((problem) => h('li', {}, problem))),
    );
  });
}
