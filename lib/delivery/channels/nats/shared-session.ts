import type { Clock } from '../../../platform/clock.ts';
import type { AttemptResult } from '../../channel.ts';
import { connectFailure, noAnswer, silentServer } from './nats-failure.ts';
import type { NatsSession } from './nats-session.ts';
import { within, type Limits } from './within.ts';

/** One connection for all attempts of a cycle. */
export interface SharedSession {
  /** The connection, made when there is none; or why there is none. Never rejects. */
  readonly get: (limits: Limits) => Promise<SessionOrFailure>;
  /** Lets it go, sending what is still to be sent: within a second. The next `get` makes another. Never rejects. */
  readonly release: () => Promise<void>;
}

export type SessionOrFailure =
  | { readonly ok: true; readonly session: NatsSession }
  | { readonly ok: false; readonly failure: AttemptResult };

type Made =
  | { readonly ok: true; readonly session: NatsSession }
  | { readonly ok: false; readonly failure: AttemptResult; readonly untilMs: number };

/** So long a failure stands for all who ask: a thousand registrations do not each wait for a server that is down. */
const FAILURE_LASTS_MS = 1_000;
const DRAIN_MS_MAX = 800;
/** With the time to close. A connection that is still being made is closed when it is, which nobody waits for longer. */
const RELEASE_MS_MAX = 1_000;

/**
 * @param connect makes a connection, and gives up by itself
 */
export function createSharedSession(connect: () => Promise<NatsSession>, clock: Clock): SharedSession {
  let current: Promise<Made> | undefined;

  const make = async (): Promise<Made> => {
    try {
      return { ok: true, session: await connect() };
    } catch (error) {
      return { ok: false, failure: connectFailure(error), untilMs: clock.nowMs() + FAILURE_LASTS_MS };
    }
  };

  const get = async (limits: Limits): Promise<SessionOrFailure> => {
    const known = current;
    const asked = (current ??= make());
    const made = await within(asked, clock, limits);
    if (made === 'timeout') return { ok: false, failure: silentServer };
    if (made === 'aborted') return { ok: false, failure: noAnswer('aborted', 'called off') };
    const isOver = made.ok ? made.session.isOver() : clock.nowMs() >= made.untilMs;
    if (known === undefined || !isOver) return made;
    // Whoever notices first makes the next one.
    if (current === asked) current = undefined;
    return get(limits);
  };

  const release = async (): Promise<void> => {
    const held = current;
    current = undefined;
    if (held === undefined) return;
    const closing = held.then((made) => (made.ok ? close(made.session, clock) : undefined));
    await within(closing, clock, { timeoutMs: RELEASE_MS_MAX, signal: new AbortController().signal });
  };

  return { get, release };
}

async function close(session: NatsSession, clock: Clock): Promise<void> {
  const never = new AbortController().signal;
  if (session.isOver()) return;
  await within(session.drain(), clock, { timeoutMs: DRAIN_MS_MAX, signal: never }).catch(() => undefined);
  await session.close();
}
