import type { NatsSettings } from '../../../platform/configuration/configuration.ts';
import { payloadOf, type WakeUp } from '../../channel.ts';
import { encodeMessage } from '../../nats/message-codec.ts';
import { relayHeaders, relaySubject, waitingHeaders } from '../../nats/protocol.ts';
import { encodeAttribute } from '../cloud-event/cloud-event-channel.ts';
import { traceparentOf } from '../traceparent.ts';
import type { OutgoingMessage } from './nats-session.ts';

/** Headers that NATS servers, relays and our own reading give a meaning: an owner's may not stand in for ours. */
const RESERVED = /^(?:nats-|relay|wake-up-timeout-ms$|serial$|cmp$)/i;

/**
 * A wake-up as a message: a CloudEvent 1.0 in binary mode (CloudEvents' NATS binding), the payload as its data. Goes to
 * `subject`, or to the relay of the registration with the request to pass it on there.
 * @param timeoutMs how long the reply is waited for
 */
export function wakeUpMessage(
  wakeUp: WakeUp,
  subject: string,
  timeoutMs: number,
  settings: Pick<NatsSettings, 'serialization' | 'compression'>,
): OutgoingMessage {
  const { relay_via: relay, acknowledge = true } = wakeUp.registration.delivery ?? {};
  const { headers, data } = encodeMessage(payloadOf(wakeUp), settings);
  return {
    subject: relay === undefined ? subject : relaySubject(relay),
    headers: {
      ...ownersHeaders(wakeUp),
      ...eventHeaders(wakeUp, settings.serialization),
      ...(acknowledge ? waitingHeaders(timeoutMs) : {}),
      ...(relay === undefined ? {} : relayHeaders({ to: subject, hops: 1, timeoutMs })),
      ...headers,
    },
    data,
  };
}

function ownersHeaders({ headers }: WakeUp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !RESERVED.test(name)));
}

function eventHeaders(wakeUp: WakeUp, serialization: 'json' | 'cbor'): Record<string, string> {
  return {
    'ce-specversion': '1.0',
    'ce-id': encodeAttribute(wakeUp.id),
    'ce-type': 'queue-messages',
    'ce-source': 'mq-observer',
    'ce-subject': encodeAttribute(`${wakeUp.registration.qmgr}/${wakeUp.queue}`),
    'ce-time': new Date(wakeUp.decidedAtMs).toISOString(),
    'ce-datacontenttype': `application/${serialization}`,
    'Nats-Msg-Id': wakeUp.id,
    traceparent: traceparentOf(wakeUp.id),
  };
}
