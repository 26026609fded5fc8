import { payloadOf, type Channel, type WakeUp } from '../../channel.ts';
import { postTo, type PostDeps } from '../post-to.ts';
import { traceparentOf } from '../traceparent.ts';

interface Encoded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Wakes a URL with a CloudEvent 1.0, in binary mode (attributes as headers) or structured mode (one JSON document).
 * Encoded here, for building each event with the CloudEvents package costs a good part of a wake-up; that the
 * package reads what is sent is tested.
 */
export function createCloudEventChannel(
  deps: PostDeps & { readonly mode: 'binary' | 'structured' },
): Channel {
  const encode = deps.mode === 'binary' ? encodeBinary : encodeStructured;
  return {
    attempt: (wakeUp, limits) => {
      const { headers, body } = encode(wakeUp);
      return postTo(deps, wakeUp, { traceparent: traceparentOf(wakeUp.id), ...headers }, body, limits);
    },
  };
}

function attributesOf(wakeUp: WakeUp) {
  return {
    specversion: '1.0',
    id: wakeUp.id,
    type: 'queue-messages',
    source: 'mq-observer',
    subject: `${wakeUp.registration.qmgr}/${wakeUp.queue}`,
    time: new Date(wakeUp.decidedAtMs).toISOString(),
  };
}

function encodeBinary(wakeUp: WakeUp): Encoded {
  const { specversion, id, type, source, subject, time } = attributesOf(wakeUp);
  const headers = {
    'content-type': 'application/json',
    'ce-specversion': specversion,
    'ce-id': encodeAttribute(id),
    'ce-type': type,
    'ce-source': source,
    'ce-subject': encodeAttribute(subject),
    'ce-time': time,
  };
  return { headers, body: JSON.stringify(payloadOf(wakeUp)) };
}

function encodeStructured(wakeUp: WakeUp): Encoded {
  const event = { ...attributesOf(wakeUp), datacontenttype: 'application/json', data: payloadOf(wakeUp) };
  return {
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body: JSON.stringify(event),
  };
}

const UNSAFE = /[^\x21\x23\x24\x26-\x7e]/;

/** The text of an attribute as a header: blanks, quotes, percent signs and all that is not ASCII as percent-encoded UTF-8. */
export function encodeAttribute(value: string): string {
  if (!UNSAFE.test(value)) return value;
  return value
    .toWellFormed()
    .replace(/[^\x21\x23\x24\x26-\x7e]+/gu, (part) =>
      Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
        '',
      ),
    );
}
