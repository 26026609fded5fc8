import {
  readRelayRequest,
  readWaitingMs,
  relayHeaders,
  relaySubject,
  waitingHeaders,
  type RelayRequest,
} from '../../../lib/delivery/nats/protocol.ts';
import type { HeaderReader } from '../../../lib/delivery/nats/message-codec.ts';
import { refuse, type Refusal } from '../handler/handler-result.ts';
import { coversSubject } from '../subject-pattern.ts';

/** What a relay may do. */
export interface RelayRules {
  /** Patterns of the targets it passes on to; undefined: all but the servers' own and the observer's own. */
  readonly allow: readonly string[] | undefined;
  /** The node whose relay gets everything, in place of the targets themselves. */
  readonly via: string | undefined;
}

/** Where a message goes next. */
export interface Forwarding {
  readonly subject: string;
  /** In place of those that it came with. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long to wait for the reply. */
  readonly timeoutMs: number;
  /** The target in the end. */
  readonly to: string;
}

// The reply has to travel back, within the time that the sender waits.
const MARGIN_MS_MAX = 500;
const MARGIN_SHARE = 0.1;

/** Decides what becomes of a message. Pure. */
export function planForwarding(header: HeaderReader, { allow, via }: RelayRules): Forwarding | Refusal {
  const read = readRelayRequest(header);
  if (!read.ok) return refuse(400, read.problem);
  const { to, hops, timeoutMs } = read.request;
  if (!isAllowed(to, allow)) return refuse(403, `this relay passes nothing on to ${to}`);
  const waitMs = timeLeft(timeoutMs);
  const next: RelayRequest = { to, hops: hops + 1, timeoutMs: waitMs };
  return {
    subject: via === undefined ? to : relaySubject(via),
    headers: {
      ...relayHeaders(next),
      ...(readWaitingMs(header) === undefined ? {} : waitingHeaders(waitMs)),
    },
    timeoutMs: waitMs,
    to,
  };
}

function timeLeft(timeoutMs: number): number {
  return Math.max(1, Math.floor(timeoutMs - Math.min(MARGIN_MS_MAX, timeoutMs * MARGIN_SHARE)));
}

function isAllowed(subject: string, allow: readonly string[] | undefined): boolean {
  // `$` is the servers' own, `_INBOX` waits for replies, `mq-observer.` is ours: no wake-up goes there, whatever is allowed.
  if (/^(?:\$|_INBOX\.|mq-observer\.)/.test(subject)) return false;
  return allow === undefined || allow.some((pattern) => coversSubject(pattern, subject));
}
