import { at, entriesAt, listAt, textAt } from '../answers.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

/** What `status` found out. */
export interface Status {
  /** As `/actuator/health` answers it. */
  readonly health: unknown;
  /** Registrations by state; or why they are not known. */
  readonly registrations: Readonly<Record<string, number>> | string;
}

const CYCLE = 'cycle:';

/** Health, registrations by state and the last cycles, for people. */
export function formatStatus({ health, registrations }: Status, style: Style): string {
  const components = entriesAt(health, 'components');
  const cycles = components.filter(([name]) => name.startsWith(CYCLE));
  const others = components.filter(([name]) => !name.startsWith(CYCLE));
  return [
    formatFacts(
      [
        ['status', textAt(health, 'status')],
        ['registrations', inWords(registrations)],
      ],
      style,
    ),
    ...(others.length === 0 ? [] : [formatComponents(others, style)]),
    ...(cycles.length === 0 ? [] : [formatCycles(cycles, style)]),
  ].join('\n\n');
}

type Components = readonly (readonly [name: string, component: unknown])[];

function formatComponents(components: Components, style: Style): string {
  const rows = components.map(([name, component]) => [
    name,
    textAt(component, 'status'),
    reasonOf(component),
  ]);
  return formatTable(['COMPONENT', 'STATUS', 'REASON'], rows, style);
}

function formatCycles(cycles: Components, style: Style): string {
  const rows = cycles.map(([name, cycle]) => [
    ...[name.slice(CYCLE.length), textAt(cycle, 'status')],
    ...[textAt(cycle, 'details', 'outcome'), textAt(cycle, 'details', 'started')],
    ...[durationOf(cycle), reasonOf(cycle)],
  ]);
  return formatTable(['CYCLE', 'STATUS', 'OUTCOME', 'STARTED', 'DURATION', 'REASON'], rows, style);
}

function inWords(registrations: Status['registrations']): string {
  if (typeof registrations === 'string') return `not known: ${registrations}`;
  return Object.entries(registrations)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

function durationOf(component: unknown): string | undefined {
  const durationMs = textAt(component, 'details', 'duration_ms');
  return durationMs === undefined ? undefined : `${durationMs} ms`;
}

function reasonOf(component: unknown): string {
  const problems = listAt(component, 'details', 'problems').map(String);
  const reason = textAt(component, 'details', 'reason');
  return [...(reason === undefined ? [] : [reason]), ...problems].join('; ');
}

/** Whether all is well. */
export function isUp(health: unknown): boolean {
  return at(health, 'status') === 'UP';
}
