import { attemptRepeatedly, type Outcome } from '../delivery/attempts.ts';
import type { AttemptResult, Channel, NoAnswerCode, WakeUp } from '../delivery/channel.ts';
import type { Leave } from '../delivery/dispatcher.ts';
import type { Lanes } from '../delivery/lanes.ts';
import type { HostCounters } from './host-counters.ts';
import type { RetryBudget } from '../delivery/retry-budget.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import { parseDuration } from '../platform/duration.ts';
import type { Sealer } from '../platform/sealer.ts';
import type { Stopping } from '../platform/stopping.ts';
import type { Registration, RegistrationRecord } from '../registration/registration.ts';
import { headerBinding } from '../registration/header-binding.ts';
import { isProbe } from '../registration/state.ts';
import { parseTarget, type Target } from '../registration/target.ts';

/** How a target is reached. */
export type ChannelKind = 'cloudevents' | 'cloudevents-structured' | 'http' | 'job' | 'nats';
export type Channels = Readonly<Record<ChannelKind, Channel>>;

export interface WakeDeps {
  readonly channels: Channels;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Randomness;
  /** How URLs are woken where the registration does not say. */
  readonly defaultMode: 'cloudevents' | 'http';
}

/** What is due, and what is known of who waits for it. */
export interface DueWakeUp {
  readonly registration: Registration;
  readonly queue: string;
  readonly depth: number;
  /** Cycles in a row that had no time for it: it goes before who waited less. */
  readonly deferrals?: number;
  /** Names the request of a test: one attempt, under that id. */
  readonly test?: string;
}

/** What all wake-ups of one cycle share. */
export interface WakeCycle {
  readonly lanes: Lanes;
  readonly budget: RetryBudget;
  /** Hosts that timed out lately: they wait in a lane of their own. */
  readonly slowHosts: ReadonlySet<string>;
  /** False when a queue is known to hold no messages any more. */
  readonly isStillDue: (qmgr: string, queue: string) => boolean;
  readonly deadlineMs: number;
  readonly stopping: Stopping;
  /** Told how each attempt ended. */
  readonly counters: HostCounters;
  /** How much there was to do, but for hosts that timed out lately: more invocations would not make those quicker. */
  readonly meter: Meter;
}

/** Counts of one run. */
export interface Meter {
  /** How long attempts held slots, added up, in milliseconds. */
  slotMs: number;
  /** Wake-ups that ended, and those that no time was left for. */
  due: number;
  deferred: number;
}

const TIMEOUT_DEFAULT_MS = 15_000;
const ATTEMPTS_DEFAULT = 3;

/**
 * Wakes one registration when it is its turn, in as many attempts as it grants, and tells `done` how that ended. While it
 * waits for its turn nothing is made for it, so that many can wait: what is made early is dear to collect. What `done`
 * is given never rejects for the network.
 */
export function wake(
  deps: WakeDeps,
  due: DueWakeUp,
  cycle: WakeCycle,
  done: (outcome: Promise<Outcome>) => void,
): void {
  const host = hostOf(due.registration.record);
  cycle.budget.deposit(host);
  const start = (leave: Leave): void => done(wakeNow(deps, due, cycle, host, leave));
  cycle.lanes.enter(host, cycle.slowHosts.has(host), start, due.deferrals);
}

/** Wakes a registration whose turn it is: `leave` gives back the slot that it has for its first attempt. */
async function wakeNow(
  deps: WakeDeps,
  due: DueWakeUp,
  cycle: WakeCycle,
  host: string,
  leave: Leave,
): Promise<Outcome> {
  let held = true;
  const enter = async (): Promise<Leave> => {
    if (held) {
      held = false;
      return leave;
    }
    // It waited in former cycles for being woken, not for being tried once.
    const { deferrals } = due;
    return new Promise((resolve) => cycle.lanes.enter(host, cycle.slowHosts.has(host), resolve, deferrals));
  };
  try {
    return await attemptInTurns(deps, due, cycle, { host, enter });
  } finally {
    if (held) leave();
  }
}

interface Place {
  readonly host: string;
  /** Waits for a slot of the host: every attempt has one of its own, so that waiting for a retry takes none. */
  readonly enter: () => Promise<Leave>;
}

async function attemptInTurns(
  deps: WakeDeps,
  due: DueWakeUp,
  cycle: WakeCycle,
  { host, enter }: Place,
): Promise<Outcome> {
  const { record, state } = due.registration;
  const target = targetOf(record);
  const headers = openHeaders(record, deps.sealer);
  if (headers === undefined)
    return {
      kind: 'misconfigured',
      reason:
        "its headers cannot be decrypted: ENCRYPTION_KEYS lacks their key, or they were another target's",
      attempts: 0,
    };
  const { stop, abandon } = cycle.stopping;
  const wakeUp: WakeUp = {
    id: due.test ?? deps.random.uuid(),
    registration: record,
    ...(target?.kind === 'url' ? { url: target.url } : {}),
    queue: due.queue,
    depth: due.depth,
    ...(due.test === undefined ? {} : { test: due.test }),
    ...(state.wokenAtMs === undefined ? {} : { lastWokenAtMs: state.wokenAtMs }),
    decidedAtMs: deps.clock.nowMs(),
    headers,
  };
  const acknowledge = record.delivery?.acknowledge ?? true;
  const timeoutMs = timeoutOf(record);
  const channel = deps.channels[channelOf(record, target, deps.defaultMode)];
  let mayHaveLeft = false;
  const attempt = async (begun: () => void): Promise<AttemptResult | 'no-time'> => {
    const leave = await enter();
    try {
      if (stop.aborted || deps.clock.nowMs() + timeoutMs > cycle.deadlineMs) return 'no-time';
      begun();
      const begunMs = deps.clock.nowMs();
      const result = await channel.attempt(wakeUp, { timeoutMs, signal: abandon });
      if (!cycle.slowHosts.has(host)) cycle.meter.slotMs += deps.clock.nowMs() - begunMs;
      mayHaveLeft ||= hasLeft(result);
      cycle.counters.attempted(host, result);
      return result;
    } finally {
      leave();
    }
  };
  const outcome = await attemptRepeatedly(
    {
      clock: deps.clock,
      random: deps.random,
      stop,
      attempt,
      mayRetry: () => cycle.budget.withdraw(host),
      isStillDue: () => cycle.isStillDue(record.qmgr, due.queue),
    },
    {
      // A probe or a test is one attempt: it shows whether the target is well, and no more.
      attemptsMax:
        acknowledge && !isProbe(state) && due.test === undefined
          ? (record.delivery?.attempts ?? ATTEMPTS_DEFAULT)
          : 1,
      timeoutMs,
      deadlineMs: cycle.deadlineMs,
    },
  );
  // Sent once, whatever came of it: the owner asked for no more.
  if (!acknowledge && outcome.attempts > 0 && mayHaveLeft) return { ...outcome, kind: 'success' };
  return outcome;
}

/** Ways to have no answer in which nothing can have reached the target. */
const NEVER_LEFT: ReadonlySet<NoAnswerCode> = new Set(['blocked', 'dns', 'connect', 'tls', 'no-responders']);

/** Whether the target can have got the wake-up. */
function hasLeft(result: AttemptResult): boolean {
  if (result.kind === 'no-answer') return !NEVER_LEFT.has(result.code);
  return result.kind === 'answered' || result.kind === 'accepted';
}

function timeoutOf({ delivery }: RegistrationRecord): number {
  if (delivery?.timeout === undefined) return TIMEOUT_DEFAULT_MS;
  const timeout = parseDuration(delivery.timeout);
  return timeout.ok ? timeout.ms : TIMEOUT_DEFAULT_MS;
}

function channelOf(
  { delivery }: RegistrationRecord,
  target: Target | undefined,
  defaultMode: 'cloudevents' | 'http',
): ChannelKind {
  if (target?.kind === 'url') return delivery?.mode ?? defaultMode;
  return target?.kind ?? 'job';
}

function targetOf(record: RegistrationRecord): Target | undefined {
  const parsed = parseTarget(record.notify);
  return parsed.ok ? parsed.target : undefined;
}

/** What shares the slots of one host: the URL's host and port, the subject, or the API that starts jobs. */
export function hostOf(record: RegistrationRecord): string {
  const target = targetOf(record);
  if (target?.kind === 'url') return target.url.host;
  if (target?.kind === 'nats') return `nats:${target.subject}`;
  return `jobs of ${target?.region ?? 'any region'}`;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

function openHeaders(
  record: RegistrationRecord,
  sealer: Sealer,
): Readonly<Record<string, string>> | undefined {
  const sealedHeaders = record.delivery?.headers;
  if (sealedHeaders === undefined) return NO_HEADERS;
  const opened: [string, string][] = [];
  const boundTo = headerBinding(record);
  for (const [name, sealed] of Object.entries(sealedHeaders)) {
    const value = sealer.open(sealed, boundTo);
    if (value === undefined) return undefined;
    opened.push([name, value]);
  }
  return Object.fromEntries(opened);
}
