import { headers as createHeaders, Match, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { HeaderReader } from '../../nats/message-codec.ts';
import { createRequester, isNoResponders } from '../../nats/requester.ts';

/** A message as it goes out. */
export interface OutgoingMessage {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

/** The first message that came to the inbox of a request. */
export type IncomingReply =
  | { readonly kind: 'reply'; readonly header: HeaderReader; readonly data: Uint8Array }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'no-responders' }
  | { readonly kind: 'lost' };

/** What is done over one connection. Rejects with the library's errors: see `exchangeFailure`. */
export interface NatsSession {
  /** True once the connection is lost or let go: another one is needed. */
  readonly isOver: () => boolean;
  /** Sends to an inbox of its own, and gives what `wait` makes of the reply; what comes after that reaches nobody. */
  readonly ask: <T>(
    message: OutgoingMessage,
    wait: (reply: Promise<IncomingReply>) => Promise<T>,
  ) => Promise<T>;
  /** Sends, and resolves when the server has it. */
  readonly tell: (message: OutgoingMessage) => Promise<'sent' | 'lost'>;
  /** Sends what is still to be sent, then closes. */
  readonly drain: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Uses a connection that does not reconnect. */
export function createNatsSession(connection: NatsConnection): NatsSession {
  const request = createRequester(connection);
  const lost = connection.closed().then(() => ({ kind: 'lost' as const }));
  return {
    isOver: () => connection.isClosed() || connection.isDraining(),
    ask: ({ subject, headers, data }, wait) =>
      request({ subject, headers: headersOf(headers), data }, (reply) =>
        wait(Promise.race([reply.then(readIncoming), lost])),
      ),
    tell: async ({ subject, headers, data }) => {
      connection.publish(subject, data, { headers: headersOf(headers) });
      return Promise.race([connection.flush().then(() => 'sent' as const), lost.then(({ kind }) => kind)]);
    },
    drain: () => connection.drain(),
    close: () => connection.close(),
  };
}

function headersOf(given: Readonly<Record<string, string>>): ReturnType<typeof createHeaders> {
  const headers = createHeaders();
  for (const [name, value] of Object.entries(given)) headers.set(name, value, Match.IgnoreCase);
  return headers;
}

function readIncoming(message: Msg): IncomingReply {
  try {
    const { headers, data } = message;
    if (isNoResponders(message)) return { kind: 'no-responders' };
    const header: HeaderReader = (name) =>
      headers?.has(name, Match.IgnoreCase) === true ? headers.get(name, Match.IgnoreCase) : undefined;
    return { kind: 'reply', header, data };
  } catch {
    return { kind: 'unreadable' };
  }
}
