import {
  decodeMessage,
  type HeaderReader,
  type NatsEncoding,
} from '../../../lib/delivery/nats/message-codec.ts';
import { readWaitingMs } from '../../../lib/delivery/nats/protocol.ts';
import type { WakeUpPayload } from '../../../lib/delivery/channel.ts';
import { refuse, type Refusal } from './handler-result.ts';

/** A wake-up as a handler gets it. */
export interface WakeUpRequest {
  /** What tells repetitions: the same for every attempt; undefined when the message has no `ce-id`. */
  readonly id: string | undefined;
  /** How long the sender waits for the answer, in milliseconds; undefined when it does not say. */
  readonly waitingMs: number | undefined;
  /** Variables for the handler's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** How the message was written. */
  readonly encoding: NatsEncoding;
}

type PayloadKey = keyof WakeUpPayload;
const KEYS: readonly PayloadKey[] = ['CE_QMGR', 'CE_QUEUE', 'CE_DEPTH', 'ID', 'notification'];
const TEXT_LENGTH_MAX = 4_096;
const ATTRIBUTE_LENGTH_MAX = 1_024;

/** Reads a message from anybody. What is no wake-up is refused in words, and no handler sees any of it. */
export function readWakeUp(header: HeaderReader, data: Uint8Array): WakeUpRequest | Refusal {
  const decoded = decodeMessage(header, data);
  if (!decoded.ok) return refuse(400, `the message ${decoded.problem}`);
  const payload = payloadIn(decoded.value);
  if (typeof payload === 'string') return refuse(400, payload);
  const id = header('ce-id');
  const subject = header('ce-subject');
  if ([id, subject].some((text = '') => !isVariable(text, ATTRIBUTE_LENGTH_MAX)))
    return refuse(400, `ce-id and ce-subject are texts of at most ${ATTRIBUTE_LENGTH_MAX} characters`);
  return {
    id: id === '' ? undefined : id,
    waitingMs: readWaitingMs(header),
    variables: {
      ...payload,
      MQ_OBSERVER_CE_ID: id ?? '',
      MQ_OBSERVER_CE_SUBJECT: subject ?? '',
    },
    encoding: decoded.encoding,
  };
}

/** The five texts, or what is wrong with them. */
function payloadIn(value: unknown): Readonly<Record<string, string>> | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `the message is not an object with ${KEYS.join(', ')}`;
  const fields = new Map<string, unknown>(Object.entries(value));
  const payload: Record<string, string> = {};
  for (const key of KEYS) {
    const text = fields.get(key);
    if (typeof text !== 'string' || !isVariable(text, TEXT_LENGTH_MAX))
      return `the message needs ${key}, a text of at most ${TEXT_LENGTH_MAX} characters`;
    payload[key] = text;
  }
  return payload;
}

/** An environment cannot hold NUL. */
function isVariable(text: string, lengthMax: number): boolean {
  return text.length <= lengthMax && !text.includes('\0');
}
