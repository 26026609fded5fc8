import { parseTarget } from '../../registration/target.ts';
import { decodeMessage, type HeaderReader } from './message-codec.ts';
import { plainText } from './plain-text.ts';

/** Headers of the relay protocol. */
export const RELAY_TO = 'Relay-To';
export const RELAY_HOPS = 'Relay-Hops';
export const RELAY_TIMEOUT_MS = 'Relay-Timeout-Ms';
/** In a reply: the nodes that passed it on, the last one first, comma-separated. */
export const RELAY = 'Relay';
/** In a wake-up: how long the sender waits for the reply. */
export const WAKE_UP_TIMEOUT_MS = 'Wake-Up-Timeout-Ms';
/** Headers of a reply that refuses, as NATS services have them. */
export const ERROR_CODE = 'Nats-Service-Error-Code';
export const ERROR_MESSAGE = 'Nats-Service-Error';

/** How often a wake-up may be passed on: whoever gets it with more refuses it, so that a loop ends. */
export const RELAY_HOPS_MAX = 4;
const RELAY_TIMEOUT_MAX_MS = 3_600_000;

/** The subject that a node takes wake-ups on to pass them on. */
export function relaySubject(node: string): string {
  return `mq-observer.relay.${node}`;
}

/** What a relay is asked: to send the message on and the reply back. */
export interface RelayRequest {
  /** The final subject. */
  readonly to: string;
  /** The how manieth relay this is, from 1. */
  readonly hops: number;
  /** How long the sender waits for the reply. */
  readonly timeoutMs: number;
}

/** The headers that ask for it. A relay sends them on with one more hop and the time left, however near the end is. */
export function relayHeaders({ to, hops, timeoutMs }: RelayRequest): Readonly<Record<string, string>> {
  return {
    [RELAY_TO]: to,
    [RELAY_HOPS]: String(hops),
    [RELAY_TIMEOUT_MS]: wholeMs(timeoutMs),
  };
}

/** The header that says how long the sender of a wake-up waits for the reply. */
export function waitingHeaders(timeoutMs: number): Readonly<Record<string, string>> {
  return { [WAKE_UP_TIMEOUT_MS]: wholeMs(timeoutMs) };
}

/** How long the sender of a wake-up waits for the reply, in milliseconds; undefined where it does not say. Never throws. */
export function readWaitingMs(header: HeaderReader): number | undefined {
  return positiveInteger(header(WAKE_UP_TIMEOUT_MS));
}

/** Reads what a relay is asked; `problem` says in a sentence why it has to refuse. Never throws. */
export function readRelayRequest(
  header: HeaderReader,
): { readonly ok: true; readonly request: RelayRequest } | { readonly ok: false; readonly problem: string } {
  const to = header(RELAY_TO);
  const hops = positiveInteger(header(RELAY_HOPS));
  const timeoutMs = positiveInteger(header(RELAY_TIMEOUT_MS));
  if (to === undefined || !parseTarget(`nats:${to}`).ok)
    return { ok: false, problem: `the ${RELAY_TO} header must be a subject without wildcards` };
  if (hops === undefined)
    return { ok: false, problem: `the ${RELAY_HOPS} header must be a whole number from 1` };
  if (hops > RELAY_HOPS_MAX)
    return {
      ok: false,
      problem: `passed on ${RELAY_HOPS_MAX} times already, which is the most: do the relays send to each other?`,
    };
  if (timeoutMs === undefined)
    return { ok: false, problem: `the ${RELAY_TIMEOUT_MS} header must be a whole number from 1` };
  return { ok: true, request: { to, hops, timeoutMs: Math.min(timeoutMs, RELAY_TIMEOUT_MAX_MS) } };
}

/** The `Relay` header of a reply that `node` passes back, given the one it came with. */
export function addRelay(relays: string | undefined, node: string): string {
  return relays === undefined || relays === '' ? node : `${node}, ${relays}`;
}

/** The headers of a reply that refuses. `code` is an HTTP status: 4xx but for 408 and 429 says that repeating is of no use. */
export function errorHeaders(code: number, message: string): Readonly<Record<string, string>> {
  return { [ERROR_CODE]: String(code), [ERROR_MESSAGE]: plainText(message) };
}

/** What a reply means. `relay`: who passed it back. */
export type Reply = (
  | { readonly kind: 'acknowledged'; readonly data?: unknown }
  | { readonly kind: 'refused'; readonly message: string; readonly mayPass: boolean }
) & { readonly relay?: string };

const REPLY_BYTES_MAX = 64 * 1024;

/**
 * Reads a reply. It acknowledges, unless an error header or `{"ok":false,"error":"…"}` in its data refuses. Data is what
 * stands in `{"ok":true,"data":…}`, or any other value; none is needed. A refusal may pass unless its code says that it
 * will not; a reply that cannot be read counts as one that will not, as its sender would only send another. Never throws.
 */
export function readReply(header: HeaderReader, data: Uint8Array): Reply {
  const relay = header(RELAY);
  const meaning = readMeaning(header, data);
  return relay === undefined || relay === '' ? meaning : { ...meaning, relay: plainText(relay) };
}

function readMeaning(header: HeaderReader, data: Uint8Array): Reply {
  const code = header(ERROR_CODE) ?? '';
  const text = header(ERROR_MESSAGE) ?? '';
  if (code !== '' || text !== '') return refusalOf(code, text);
  if (data.length > REPLY_BYTES_MAX) return unreadable(`is larger than ${REPLY_BYTES_MAX} bytes`);
  if (data.length === 0) return { kind: 'acknowledged' };
  const decoded = decodeMessage(header, data);
  return decoded.ok ? meaningOf(decoded.value) : unreadable(decoded.problem);
}

function refusalOf(code: string, text: string): Reply {
  const status = positiveInteger(code);
  const mayPass = status === undefined || status < 400 || status > 499 || status === 408 || status === 429;
  const words = [code, text].filter((part) => part !== '').join(': ');
  return { kind: 'refused', message: `the responder refused: ${plainText(words)}`, mayPass };
}

function unreadable(problem: string): Reply {
  return { kind: 'refused', message: `the reply ${problem}`, mayPass: false };
}

function meaningOf(value: unknown): Reply {
  const fields: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  const { ok, error, data } = fields;
  if (ok === false) {
    const words = typeof error === 'string' && error !== '' ? plainText(error) : 'no reason was given';
    return { kind: 'refused', message: `the responder refused: ${words}`, mayPass: true };
  }
  if (ok !== true) return { kind: 'acknowledged', data: value };
  return data === undefined ? { kind: 'acknowledged' } : { kind: 'acknowledged', data };
}

function wholeMs(ms: number): string {
  return String(Math.max(1, Math.floor(ms)));
}

function positiveInteger(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
