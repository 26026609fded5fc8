import { parseDuration } from '../platform/duration.ts';
import type { QueueManagerReading, QueueReading } from '../queues/queue-depths.ts';
import type { Registration, RegistrationRecord } from '../registration/registration.ts';
import { statusOf } from '../registration/state.ts';
import type { Decision } from './report.ts';

/** Whether a registration is due to be woken, and for which queue; if not, why not. */
export type Due =
  | { readonly due: true; readonly queue: string; readonly depth: number }
  | { readonly due: false; readonly decision: Decision };

/** The decision that needs no reading of a queue, or `undefined` if the registration is active. */
export function decideAtRest(registration: Registration): Decision | undefined {
  const status = statusOf(registration);
  const { id } = registration.record;
  const detail = registration.state.reason;
  if (status === 'quarantined' || status === 'retired')
    return { id, reason: status, ...(detail === undefined ? {} : { detail }) };
  return undefined;
}

/** Decides from what a queue manager answered. Pure: the same reading and time give the same decision. */
export function decide(registration: Registration, reading: QueueManagerReading, nowMs: number): Due {
  const { record, state } = registration;
  const no = (decision: Omit<Decision, 'id'>): Due => ({
    due: false,
    decision: { id: record.id, ...decision },
  });
  if (reading.kind === 'failed') return no({ reason: 'queue_manager_error', detail: reading.code });
  const deepest = deepestOf(record.queue, reading.queues);
  const depth = deepest?.depth ?? 0;
  if (deepest === undefined || depth < (record.when?.depth_at_least ?? 1))
    return no({ reason: 'depth_below', depth });
  if (state.notBeforeMs !== undefined && nowMs < state.notBeforeMs) {
    const until = new Date(state.notBeforeMs).toISOString();
    return no({ reason: 'postponed', depth, detail: `the target asked to be left alone until ${until}` });
  }
  if (state.wokenAtMs !== undefined && nowMs < state.wokenAtMs + cooldownOf(record))
    return no({ reason: 'cooldown', depth });
  return { due: true, queue: deepest.queue, depth };
}

/** The shortest time between two wake-ups, in milliseconds: the owner's, and what the target's granted rate leaves. */
export function cooldownOf(record: RegistrationRecord): number {
  const own = parseDuration(record.when?.cooldown ?? 'PT0S');
  const granted = record.consent?.rate === undefined ? 0 : 60_000 / record.consent.rate;
  return Math.max(own.ok ? own.ms : 0, granted);
}

/** The queue of a name, or of all that a trailing `*` matches the one with the most messages (of equals, the first by name). */
function deepestOf(name: string, queues: ReadonlyMap<string, QueueReading>): QueueReading | undefined {
  if (!name.endsWith('*')) return queues.get(name);
  const start = name.slice(0, -1);
  let deepest: QueueReading | undefined;
  for (const reading of queues.values()) {
    if (!reading.queue.startsWith(start)) continue;
    const isDeeper = deepest === undefined || reading.depth > deepest.depth;
    const isFirstOfEquals = reading.depth === deepest?.depth && reading.queue < deepest.queue;
    if (isDeeper || isFirstOfEquals) deepest = reading;
  }
  return deepest;
}
