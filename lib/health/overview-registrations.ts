import type { Registration, RegistrationRecord } from '../registration/registration.ts';
import { statusOf } from '../registration/state.ts';
import { MASKED } from '../registration/wire.ts';
import { QUEUES_MAX, REGISTRATIONS_MAX, type QueueLook, type RegistrationLook } from './overview.ts';
import { decisionIn, type StoredRun } from './overview-reports.ts';

/**
 * A line for each registration that is there for its owner, at most `REGISTRATIONS_MAX`: first those in quarantine, then
 * retired ones, then those whose wake-ups fail. `runs`: of the notify cycle, newest first. Pure.
 */
export function registrationLooks(
  registrations: readonly Registration[],
  runs: readonly StoredRun[],
): readonly RegistrationLook[] {
  const woken = lastWokenIn(runs);
  const [last] = runs;
  const lines = registrations.flatMap(({ record, state }): readonly RegistrationLook[] => {
    const status = statusOf({ record, state });
    if (status === 'dropped') return [];
    const line = {
      id: record.id,
      qmgr: record.qmgr,
      queue: record.queue,
      notify: withoutQuery(record.notify),
      state: status,
      state_reason: state.reason ?? null,
      failcount: state.failures,
      backoff: timeOf(state.quarantinedUntilMs),
      decision: (last && decisionIn(last, record.id, record.lastUpdatedMs)) ?? null,
      last_woken: woken.get(record.id) ?? timeOf(state.wokenAtMs),
    };
    return [line];
  });
  return lines.toSorted((one, other) => urgencyOf(one) - urgencyOf(other)).slice(0, REGISTRATIONS_MAX);
}

const URGENCY = { quarantined: 0, retired: 1, active: 3 } as const;

function urgencyOf({ state, failcount }: RegistrationLook): number {
  return state === 'active' && failcount > 0 ? 2 : URGENCY[state];
}

function lastWokenIn(runs: readonly StoredRun[]): ReadonlyMap<string, string> {
  const times = runs
    .toReversed()
    .flatMap(({ decisions }) =>
      [...decisions].flatMap(([id, { reason, at }]) => (reason === 'woken' ? [[id, at] as const] : [])),
    );
  return new Map(times);
}

/** Every queue that somebody registered for, with its depth in each of the runs; at most `QUEUES_MAX`, the deepest first. Pure. */
export function queueLooks(
  registrations: readonly Registration[],
  runs: readonly StoredRun[],
): readonly QueueLook[] {
  const oldestFirst = runs.toReversed();
  const byQueue = new Map<
    string,
    { readonly qmgr: string; readonly queue: string; readonly waiting: RegistrationRecord[] }
  >();
  for (const { record } of registrations) {
    const { qmgr, queue } = record;
    const known = byQueue.get(`${qmgr} ${queue}`);
    if (known === undefined) byQueue.set(`${qmgr} ${queue}`, { qmgr, queue, waiting: [record] });
    else known.waiting.push(record);
  }
  const depthIn = (run: StoredRun, waiting: readonly RegistrationRecord[]): number | null =>
    waiting.reduce<number | null>(
      (most, { id, lastUpdatedMs }) => larger(most, decisionIn(run, id, lastUpdatedMs)?.depth ?? null),
      null,
    );
  return [...byQueue.values()]
    .map(({ qmgr, queue, waiting }) => ({
      qmgr,
      queue,
      registrations: waiting.length,
      depths: oldestFirst.map((run) => depthIn(run, waiting)),
    }))
    .toSorted((one, other) => (other.depths.at(-1) ?? -1) - (one.depths.at(-1) ?? -1))
    .slice(0, QUEUES_MAX);
}

function larger(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

/** A target or URL without its query, which often is a secret. */
export function withoutQuery(text: string): string {
  const [shown = '', query] = text.split('?', 2);
  return query === undefined ? shown : `${shown}?${MASKED}`;
}

/** Epoch milliseconds as RFC 3339; `null` for none. */
export function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
