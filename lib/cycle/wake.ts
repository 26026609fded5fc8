import { attemptRepeatedly, type Outcome } from '../delivery/attempts.ts';
import type { Channel, WakeUp } from '../delivery/channel.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import type { Stopping } from '../platform/stopping.ts';
import { parseDuration } from '../platform/duration.ts';
import type { Sealer } from '../platform/sealer.ts';
import type { RegistrationRecord } from '../registration/registration.ts';
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

/** `misconfigured`: nothing was sent, because of us and not of the target. */
export type WakeOutcome =
  Outcome | { readonly kind: 'misconfigured'; readonly reason: string; readonly attempts: 0 };

const TIMEOUT_DEFAULT_MS = 15_000;
const ATTEMPTS_DEFAULT = 3;

/** Wakes one registration, in as many attempts as it grants, and says how that ended. Never rejects for the network. */
export async function wake(
  deps: WakeDeps,
  due: { readonly record: RegistrationRecord; readonly queue: string; readonly depth: number },
  limits: { readonly deadlineMs: number; readonly stopping: Stopping },
): Promise<WakeOutcome> {
  const { record } = due;
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
    attemptsMax: acknowledge ? (record.delivery?.attempts ?? ATTEMPTS_DEFAULT) : 1,
    timeoutMs: timeout.ok ? timeout.ms : TIMEOUT_DEFAULT_MS,
    deadlineMs: limits.deadlineMs,
  };
  const channel = deps.channels[channelOf(record, deps.defaultMode)];
  const outcome = await attemptRepeatedly({ ...deps, stop: limits.stopping.stop }, policy, (timeoutMs) =>
    channel.attempt(wakeUp, { timeoutMs, signal: limits.stopping.abandon }),
  );
  // Sent once, whatever came of it: the owner asked for no more.
  if (!acknowledge && outcome.attempts > 0) return { ...outcome, kind: 'success' };
  return outcome;
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
