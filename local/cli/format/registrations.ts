import { ZERO_TIME } from '../../../lib/registration/wire.ts';
import { entriesAt, textAt } from '../answers.ts';
import type { Style } from './style.ts';
import { counted, formatFacts, formatTable, type Cell } from './table.ts';

/** Registrations, a line each. */
export function formatRegistrations(registrations: readonly unknown[], style: Style): string {
  const rows = registrations.map((one) => [
    textAt(one, 'id'),
    ...[textAt(one, 'qmgr'), textAt(one, 'queue'), stateOf(one)],
    ...[textAt(one, 'failcount'), quarantinedUntil(one), textAt(one, 'notify')],
  ]);
  const titles = ['ID', 'QMGR', 'QUEUE', 'STATE', 'FAILCOUNT', 'BACKOFF', 'NOTIFY'];
  const sum = counted(registrations.length, 'registration');
  return rows.length === 0 ? sum : `${formatTable(titles, rows, style)}\n\n${sum}`;
}

/** One registration, a line a setting, under the names of the contract. */
export function formatRegistration(registration: unknown, style: Style): string {
  return formatFacts(
    [
      ...['id', 'qmgr', 'queue', 'notify'].map((name) => [name, textAt(registration, name)] as const),
      ['state', stateOf(registration)],
      ['state_reason', textAt(registration, 'state_reason')],
      ['failcount', textAt(registration, 'failcount')],
      ['backoff', quarantinedUntil(registration)],
      ['last_updated', textAt(registration, 'last_updated')],
      ...['when', 'delivery', 'job'].flatMap((group) => settingsIn(registration, group)),
    ],
    style,
  );
}

function settingsIn(registration: unknown, group: string): readonly (readonly [string, Cell])[] {
  return entriesAt(registration, group).map(([name, value]) => [
    `${group}.${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

/** `active`, `quarantined` or `retired`. */
export function stateOf(registration: unknown): string {
  return textAt(registration, 'state') ?? 'active';
}

/** Blank where there is no quarantine. */
function quarantinedUntil(registration: unknown): string | undefined {
  const backoff = textAt(registration, 'backoff');
  return backoff === ZERO_TIME ? undefined : backoff;
}
