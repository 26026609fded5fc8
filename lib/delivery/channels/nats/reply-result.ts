import type { AttemptResult } from '../../channel.ts';
import { readReply } from '../../nats/protocol.ts';
import { lost, noAnswer } from './nats-failure.ts';
import type { IncomingReply } from './nats-session.ts';

/** How many characters of JSON are kept of a reply's data. */
const KEPT_MAX = 4_096;

/** What a reply means for the attempt that asked. */
export function resultOf(incoming: IncomingReply): AttemptResult {
  switch (incoming.kind) {
    case 'no-responders':
      return noAnswer('no-responders', 'nobody listens on this subject now');
    case 'lost':
      return lost;
    case 'unreadable':
      return { kind: 'refused', message: 'the reply has headers that cannot be read', mayPass: false };
    case 'reply':
      break;
  }
  const reply = readReply(incoming.header, incoming.data);
  const { relay } = reply;
  if (reply.kind === 'refused') {
    const message = relay === undefined ? reply.message : `${reply.message} (through ${relay})`;
    return { kind: 'refused', message, mayPass: reply.mayPass };
  }
  return {
    kind: 'accepted',
    ...(reply.data === undefined ? {} : { reply: kept(reply.data) }),
    ...(relay === undefined ? {} : { relay }),
  };
}

function kept(data: unknown): unknown {
  const json = JSON.stringify(data);
  if (json.length <= KEPT_MAX) return data;
  return `${json.slice(0, KEPT_MAX).toWellFormed()}… (cut: ${json.length} characters of JSON)`;
}
