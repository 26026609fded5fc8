import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { payloadOf, type Channel, type WakeUp } from '../../channel.ts';
import { postTo, type PostDeps } from '../post-to.ts';
import { traceparentOf } from '../traceparent.ts';

const SOURCE = 'mq-observer';
const TYPE = 'queue-messages';

/** Wakes a URL with a CloudEvent 1.0, in binary mode (attributes as headers) or structured mode (one JSON document). */
export function createCloudEventChannel(
  deps: PostDeps & { readonly mode: 'binary' | 'structured' },
): Channel {
  const encode = deps.mode === 'binary' ? HTTP.binary : HTTP.structured;
  return {
    attempt: (wakeUp, limits) => {
      const message: Message = encode(eventOf(wakeUp));
      const headers: Record<string, string> = { traceparent: traceparentOf(wakeUp.id) };
      for (const [name, value] of Object.entries(message.headers))
        headers[name.toLowerCase()] = headerText(name, String(value));
      return postTo(deps, wakeUp, headers, String(message.body), limits);
    },
  };
}

function eventOf(wakeUp: WakeUp): CloudEvent<unknown> {
  return new CloudEvent({
    id: wakeUp.id,
    type: TYPE,
    source: SOURCE,
    subject: `${wakeUp.registration.qmgr}/${wakeUp.queue}`,
    time: new Date(wakeUp.decidedAtMs).toISOString(),
    datacontenttype: 'application/json',
    data: payloadOf(wakeUp),
  });
}

/** Attributes are percent-encoded as the HTTP binding asks, and the package leaves undone: a queue's name may have a `%`. */
function headerText(name: string, value: string): string {
  return name.startsWith('ce-') ? encodeAttribute(value) : value;
}

/** The text of an attribute as a header: blanks, quotes, percent signs and all that is not ASCII as percent-encoded UTF-8. */
export function encodeAttribute(value: string): string {
  return value
    .toWellFormed()
    .replace(/[^\x21\x23\x24\x26-\x7e]+/gu, (part) =>
      Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
        '',
      ),
    );
}
