import { ObjectStoreError } from '../object-store/object-store.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import { describeError } from '../platform/logging.ts';
import type { Lease } from '../store/lease.ts';
import type { Outbox } from '../store/outbox.ts';
import type { OutboxEntry } from '../store/outbox-entry.ts';
import { StoreUnusableError } from '../store/store-context.ts';
import { givenBack, held, isHeld, isOpen } from './breaker.ts';
import type { DeliverEvent } from './deliver-event.ts';
import { createDeliveryCounters, endpointScope, type DeliveryCounters } from './delivery-counters.ts';
import {
  AGE_MS_MAX,
  createEndpointDrain,
  type DrainEndpointDeps,
  type WaitingEvent,
} from './drain-endpoint.ts';
import type { DrainLimits, Events } from './events.ts';

/** What a drain needs. */
export interface DrainDeps extends Pick<DrainEndpointDeps, 'revisionOf'> {
  readonly endpoints: readonly EventEndpointSettings[];
  readonly outbox: Outbox;
  readonly deliver: DeliverEvent;
  readonly clock: Clock;
  readonly random: Randomness;
}

/** How long an endpoint is still held past the drain's deadline: for the last writes, and for clocks that differ. */
const HOLD_MARGIN_MS = 20_000;

/** Drains all endpoints at once; none waits for another. Drops what waits too long for those that take nothing. */
export function createDrain(deps: DrainDeps): Events['drain'] {
  return async (lease, limits) => {
    const counters = createDeliveryCounters();
    const problems: string[] = [];
    try {
      const { entries, unknown } = await deps.outbox.list();
      problems.push(...unknown.map((key) => `${key} is no event of ours and passed over: delete the object`));
      const turn = { lease, limits, counters };
      const enabled = deps.endpoints.filter(({ disabled }) => !disabled);
      const names = new Set(enabled.map(({ name }) => name));
      const unwanted = [...entries].filter(([name]) => !names.has(name));
      const drained = await Promise.allSettled([
        ...enabled.map((endpoint) => drainOne(deps, endpoint, entries.get(endpoint.name) ?? [], turn)),
        ...unwanted.map(([name, waiting]) => expire(deps, name, waiting, turn)),
      ]);
      for (const one of drained) {
        if (one.status === 'fulfilled') problems.push(...one.value);
        else throw one.reason;
      }
    } catch (error) {
      problems.push(storeProblem(error, 'the outboxes could not be read'));
    }
    return { counted: counters.counted(), problems };
  };
}

interface Turn {
  readonly lease: Pick<Lease, 'assertHeld'>;
  readonly limits: DrainLimits;
  readonly counters: DeliveryCounters;
}

/** Drains one endpoint while it holds it; answers the problems. */
async function drainOne(
  deps: DrainDeps,
  endpoint: EventEndpointSettings,
  entries: readonly OutboxEntry[],
  { lease, limits, counters }: Turn,
): Promise<readonly string[]> {
  const { clock, random } = deps;
  const waiting = withRepetitions(entries);
  if (waiting.length === 0) return [];
  try {
    const breaker = deps.outbox.breakers.of(endpoint.name);
    const before = await breaker.read();
    if (isHeld(before, clock.nowMs())) return [];
    if (isOpen(before, endpoint, clock.nowMs()) && !isOverdue(waiting, clock.nowMs()))
      return [`${endpoint.name} takes no events: ${before.failures} attempts failed in a row`];
    const holder = random.uuid();
    const untilMs = limits.deadlineMs + HOLD_MARGIN_MS;
    const taken = await breaker.update((state) => held(state, { holder, untilMs, nowMs: clock.nowMs() }));
    // Another drain was elected.
    if (taken.holder !== holder) return [];
    const drain = createEndpointDrain({ ...deps, lease, counters }, endpoint, limits);
    const { state, problems } = await drain(waiting, taken);
    await breaker.update((now) => givenBack(now, state));
    return problems;
  } catch (error) {
    return [storeProblem(error, `the events for ${endpoint.name} could not be taken further`)];
  }
}

function isOverdue([first]: readonly WaitingEvent[], nowMs: number): boolean {
  return first !== undefined && nowMs - first.entry.arrivedMs >= AGE_MS_MAX;
}

/** The events in order, each once; announced again, it stands where it came first. */
function withRepetitions(entries: readonly OutboxEntry[]): readonly WaitingEvent[] {
  const waiting = new Map<string, { readonly entry: OutboxEntry; readonly repetitions: OutboxEntry[] }>();
  for (const entry of entries) {
    const first = waiting.get(entry.eventId);
    if (first === undefined) waiting.set(entry.eventId, { entry, repetitions: [] });
    else first.repetitions.push(entry);
  }
  return [...waiting.values()];
}

/**
 * Drops what nobody takes any more: the endpoint is disabled or no longer configured. For a day its events stay, in case
 * it comes back; until then that is no problem of anybody's.
 */
async function expire(
  { outbox, clock }: DrainDeps,
  name: string,
  entries: readonly OutboxEntry[],
  { lease, limits, counters }: Turn,
): Promise<readonly string[]> {
  const nowMs = clock.nowMs();
  const overdue = withRepetitions(entries).filter((one) => isOverdue([one], nowMs));
  if (overdue.length === 0 || limits.signal.aborted || nowMs >= limits.deadlineMs) return [];
  lease.assertHeld();
  try {
    await outbox.remove(
      overdue.flatMap(({ entry, repetitions }) => [entry, ...repetitions]).map(({ key }) => key),
    );
  } catch (error) {
    return [storeProblem(error, `the events for ${name} could not be dropped`)];
  }
  counters.left(endpointScope(name), overdue.length);
  return [
    `${overdue.length} event(s) for ${name} were dropped: they waited for 24 hours for an endpoint that is disabled or not configured`,
  ];
}

/** A failure of the store, in words. Anything else goes on up: a lease that is lost, a bug. */
function storeProblem(error: unknown, what: string): string {
  if (error instanceof ObjectStoreError || error instanceof StoreUnusableError)
    return `${what}: ${describeError(error)}`;
  throw error;
}
