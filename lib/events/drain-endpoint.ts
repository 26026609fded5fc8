import type { Clock } from '../platform/clock.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import type { ETag } from '../object-store/object-store.ts';
import type { RegistrationId } from '../registration/registration.ts';
import type { Lease } from '../store/lease.ts';
import type { Outbox } from '../store/outbox.ts';
import { DROPPED_KEPT_MS, type OutboxEntry } from '../store/outbox-entry.ts';
import { afterFailure, afterSuccess, isOpen, isTripped, type BreakerState } from './breaker.ts';
import type { DeliverEvent, DeliveryOutcome } from './deliver-event.ts';
import { endpointScope, type DeliveryCounters } from './delivery-counters.ts';
import type { DrainLimits } from './events.ts';
import { verdictOn, type RevisionShown } from './expectation.ts';
import type { Expectation, LifecycleEvent } from './lifecycle-event.ts';

/** What draining one endpoint needs. */
export interface DrainEndpointDeps {
  readonly outbox: Pick<Outbox, 'read' | 'drop' | 'remove' | 'deadLetters'>;
  readonly revisionOf: (id: RegistrationId) => Promise<RevisionShown>;
  readonly deliver: DeliverEvent;
  readonly clock: Clock;
  readonly counters: DeliveryCounters;
  readonly lease: Pick<Lease, 'assertHeld'>;
}

/** An event that waits, where it came first and where it came again. All of it goes when it goes. */
export interface WaitingEvent {
  readonly entry: OutboxEntry;
  readonly repetitions: readonly OutboxEntry[];
}

/** How far a drain of one endpoint came. */
export interface EndpointProgress {
  readonly state: BreakerState;
  readonly problems: readonly string[];
}

/** An event that is not delivered by then is given up, whatever the reason: nobody waits for yesterday's news. */
export const AGE_MS_MAX = 24 * 60 * 60_000;
/** Attempts after which an event is given up, so that one that is never accepted does not hold up the others. */
const ATTEMPTS_MAX = 100;

/** Events that are removed together: as many are told twice at most when the process dies. */
const WINDOW = 16;
const PAUSE_BASE_MS = 100;

/**
 * Delivers the events of one endpoint in their order, one at a time, while it holds the endpoint. A failure is tried
 * again after a growing pause, until the threshold opens the breaker; what follows waits.
 */
export function createEndpointDrain(
  deps: DrainEndpointDeps,
  endpoint: EventEndpointSettings,
  limits: DrainLimits,
): (waiting: readonly WaitingEvent[], from: BreakerState) => Promise<EndpointProgress> {
  const { outbox, clock, counters, lease } = deps;
  const scope = endpointScope(endpoint.name);
  const problems: string[] = [];
  let state: BreakerState;
  let attempted = false;
  let givenUp: { readonly count: number; readonly reason?: string } = { count: 0 };

  /** What is to be removed, and how many events that are. */
  let done = { keys: [] as string[], events: 0 };

  const remove = async (): Promise<void> => {
    const { keys, events } = done;
    done = { keys: [], events: 0 };
    await outbox.remove(keys);
    counters.left(scope, events);
  };

  const hasTime = (): boolean => {
    // The first attempt is made in what time there is: a timeout longer than any drain would never get its turn.
    const neededMs = attempted ? endpoint.timeoutMs : 1;
    return !limits.signal.aborted && limits.deadlineMs - clock.nowMs() >= neededMs;
  };

  const attempt = async (event: LifecycleEvent): Promise<DeliveryOutcome> => {
    lease.assertHeld();
    attempted = true;
    const timeoutMs = Math.min(endpoint.timeoutMs, limits.deadlineMs - clock.nowMs());
    const outcome = await deps.deliver(endpoint, event, { timeoutMs, signal: limits.signal });
    if (outcome.kind === 'answered') counters.answered(scope, outcome.status, outcome.accepted);
    else counters.unanswered(scope);
    return outcome;
  };

  const giveUp = async ({ entry }: WaitingEvent, event: LifecycleEvent, reason: string): Promise<void> => {
    await outbox.deadLetters.bury(entry, event, reason);
    givenUp = { count: givenUp.count + 1, reason: givenUp.reason ?? reason };
  };

  /** Tries one event until it is delivered or given up (`done`), or this drain has to leave it (`stays`). */
  const send = async (one: WaitingEvent, event: LifecycleEvent): Promise<'done' | 'stays'> => {
    if (clock.nowMs() - one.entry.arrivedMs >= AGE_MS_MAX) {
      await giveUp(one, event, 'it waited for 24 hours');
      return 'done';
    }
    if (isOpen(state, endpoint, clock.nowMs())) return 'stays';
    while (hasTime()) {
      const outcome = await attempt(event);
      if (outcome.kind === 'answered' && outcome.accepted) {
        state = afterSuccess(state);
        return 'done';
      }
      // It was us who broke it off.
      if (limits.signal.aborted) return 'stays';
      state = afterFailure(state, one.entry.eventId, clock.nowMs());
      const why = outcome.kind === 'answered' ? `it answered ${outcome.status}` : outcome.why;
      if (state.attempts >= ATTEMPTS_MAX) {
        await giveUp(one, event, `${state.attempts} attempts failed, the last because ${why}`);
        return 'done';
      }
      if (isTripped(state, endpoint)) {
        problems.push(`${endpoint.name} takes no events, ${state.failures} attempts failed in a row: ${why}`);
        return 'stays';
      }
      await clock.sleep(pauseMs(state.attempts, endpoint.backoffMs), limits.signal);
    }
    return 'stays';
  };

  /** What becomes of an event that nobody confirmed. */
  const judge = async (
    entry: OutboxEntry,
    etag: ETag,
    expects: Expectation,
  ): Promise<'send' | 'dropped' | 'stays'> => {
    const shown = await deps.revisionOf(expects.id);
    const verdict = verdictOn(expects, shown, { announcedMs: entry.arrivedMs, nowMs: clock.nowMs() });
    if (verdict === 'send') return 'send';
    return verdict === 'drop' && (await outbox.drop(entry, etag)) ? 'dropped' : 'stays';
  };

  /** Takes an event as far as it goes now; the next one may follow unless it stays. `dropped`: where it was dropped. */
  const handle = async (one: WaitingEvent, dropped: readonly string[] = []): Promise<'done' | 'stays'> => {
    const { entry, repetitions } = one;
    const read = await outbox.read(entry);
    if (read === 'damaged')
      problems.push(`the event ${entry.key} is damaged and passed over: delete the object`);
    if (read === 'damaged' || read === 'gone') return handleAgain(one, dropped);
    if (read.content.kind === 'dropped') return handleAgain(one, [...dropped, entry.key]);
    const { event, expects } = read.content;
    const verdict = expects === undefined ? 'send' : await judge(entry, read.etag, expects);
    if (verdict === 'dropped') return handleAgain(one, [...dropped, entry.key]);
    if (verdict === 'stays') return 'stays';
    const outcome = await send(one, event);
    if (outcome === 'done') {
      done.keys.push(...dropped, entry.key, ...repetitions.map(({ key }) => key));
      done.events++;
    }
    return outcome;
  };

  /** Goes on with where the event came again: that one may be whole, or confirmed. */
  const handleAgain = async (one: WaitingEvent, dropped: readonly string[]): Promise<'done' | 'stays'> => {
    const [entry, ...repetitions] = one.repetitions;
    if (entry !== undefined) return handle({ entry, repetitions }, dropped);
    if (dropped.length > 0 && clock.nowMs() - one.entry.arrivedMs >= DROPPED_KEPT_MS) {
      done.keys.push(...dropped);
      done.events++;
    }
    return 'done';
  };

  return async (waiting, from) => {
    state = from;
    try {
      for (const one of waiting) {
        if (limits.signal.aborted || clock.nowMs() >= limits.deadlineMs) break;
        if ((await handle(one)) === 'stays') break;
        if (done.events >= WINDOW) await remove();
      }
    } finally {
      await remove();
    }
    return { state, problems: [...problems, ...givenUpProblem(endpoint.name, givenUp)] };
  };
}

/** One line, however many there were: after an outage of a day all that waits is given up at once. */
function givenUpProblem(
  name: string,
  { count, reason }: { readonly count: number; readonly reason?: string },
): readonly string[] {
  if (reason === undefined) return [];
  const which = count === 1 ? '' : ', of the first';
  return [`${count} event(s) were given up for ${name} and are dead letters; the reason${which}: ${reason}`];
}

/** Exponential, up to what the breaker would wait. */
function pauseMs(attempts: number, backoffMs: number): number {
  return Math.min(PAUSE_BASE_MS * 2 ** Math.min(attempts - 1, 10), backoffMs);
}
