import { attemptRepeatedly, type Outcome } from '../delivery/attempts.ts';
import type { AttemptResult, Channel, WakeUp } from '../delivery/channel.ts';
import type { Lanes } from '../delivery/lanes.ts';
import type { RetryBudget } from '../delivery/retry-budget.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import { parseDuration } from '../platform/duration.ts';
import type { Sealer } from '../platform/sealer.ts';
import type { Stopping } from '../platform/stopping.ts';
import type { Registration, RegistrationRecord } from '../registration/registration.ts';
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
}

/** `misconfigured`: nothing was sent, because of us and not of the target. */
export type WakeOutcome =
  Outcome | { readonly kind: 'misconfigured'; readonly reason: string; readonly attempts: 0 };

const TIMEOUT_DEFAULT_MS = 15_000;
const ATTEMPTS_DEFAULT = 3;

/** Wakes one registration, in as many attempts as it grants, and says how that ended. Never rejects for the network. */
export async function wake(deps: WakeDeps, due: DueWakeUp, cycle: WakeCycle): Promise<WakeOutcome> {
  const { record, state } = due.registration;
  const headers = openHeaders(record, deps.sealer);
  if (headers === undefined)
    return {
      kind: 'misconfigured',
      reason: 'its headers cannot be decrypted: ENCRYPTION_KEYS lacks their key',
      attempts: 0,
    };
  const wakeUp: WakeUp = {
    id: deps.random.uuid(),
    registration: record,
    queue: due.queue,
    depth: due.depth,
    decidedAtMs: deps.clock.nowMs(),
    headers,
  };
  const acknowledge = record.delivery?.acknowledge ?? true;
  const timeout = parseDuration(record.delivery?.timeout ?? '');
  const policy = {
    // A probe is one attempt: it shows whether the target is well again, and no more.
    attemptsMax: acknowledge && !isProbe(state) ? (record.delivery?.attempts ?? ATTEMPTS_DEFAULT) : 1,
    timeoutMs: timeout.ok ? timeout.ms : TIMEOUT_DEFAULT_MS,
    deadlineMs: cycle.deadlineMs,
  };
  const host = hostOf(record);
  // For its first attempt only: who was not tried at all goes before who is tried again.
  let priority = due.deferrals ?? 0;
  const attempt = (): Promise<AttemptResult | 'no-time'> => {
    const turn = attemptInTurn(deps, cycle, wakeUp, { host, timeoutMs: policy.timeoutMs, priority });
    priority = 0;
    return turn;
  };
  cycle.budget.deposit(host);
  const outcome = await attemptRepeatedly(
    {
      clock: deps.clock,
      random: deps.random,
      stop: cycle.stopping.stop,
      attempt,
      mayRetry: () => cycle.budget.withdraw(host),
      isStillDue: () => cycle.isStillDue(record.qmgr, due.queue),
    },
    policy,
  );
  // Sent once, whatever came of it: the owner asked for no more.
  if (!acknowledge && outcome.attempts > 0) return { ...outcome, kind: 'success' };
  return outcome;
}

/** Makes one attempt when a slot of its host is free, if there is time for it then. Waiting for a retry takes no slot. */
function attemptInTurn(
  deps: WakeDeps,
  cycle: WakeCycle,
  wakeUp: WakeUp,
  {
    host,
    timeoutMs,
    priority,
  }: { readonly host: string; readonly timeoutMs: number; readonly priority: number },
): Promise<AttemptResult | 'no-time'> {
  const { stop, abandon } = cycle.stopping;
  const channel = deps.channels[channelOf(wakeUp.registration, deps.defaultMode)];
  const work = async (): Promise<AttemptResult | 'no-time'> => {
    if (stop.aborted || deps.clock.nowMs() + timeoutMs > cycle.deadlineMs) return 'no-time';
    return channel.attempt(wakeUp, { timeoutMs, signal: abandon });
  };
  return cycle.lanes.run(host, cycle.slowHosts.has(host), work, priority);
}

function channelOf(record: RegistrationRecord, defaultMode: 'cloudevents' | 'http'): ChannelKind {
  const target = targetOf(record);
  if (target?.kind === 'url') return record.delivery?.mode ?? defaultMode;
  return target?.kind ?? 'job';
}

function targetOf(record: RegistrationRecord): Target | undefined {
  const parsed = parseTarget(record.notify);
  return parsed.ok ? parsed.target : undefined;
}

/** What shares the slots of one host: the URL's host and port, or the kind of target. */
export function hostOf(record: RegistrationRecord): string {
  const target = targetOf(record);
  return target?.kind === 'url' ? target.url.host : (target?.kind ?? 'job');
}

function openHeaders(
  record: RegistrationRecord,
  sealer: Sealer,
): Readonly<Record<string, string>> | undefined {
  const opened: [string, string][] = [];
  for (const [name, sealed] of Object.entries(record.delivery?.headers ?? {})) {
    const value = sealer.open(sealed, record.id);
    if (value === undefined) return undefined;
    opened.push([name, value]);
  }
  return Object.fromEntries(opened);
}
