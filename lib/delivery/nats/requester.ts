import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { watchDenials } from './denials.ts';

/** A message that is to be answered. */
export interface NatsRequest {
  readonly subject: string;
  readonly headers: MsgHdrs;
  readonly data: Uint8Array;
}

/**
 * Sends to an inbox of its own, and gives what `wait` makes of the first message that comes there; what comes after that
 * reaches nobody. The headers of that message may be malformed: reading them throws. Rejects with the library's errors,
 * also where the server does not let the message through.
 */
export type Requester = <T>(request: NatsRequest, wait: (reply: Promise<Msg>) => Promise<T>) => Promise<T>;

/** Not the library's own `request`: one malformed header in an empty reply ends its reading of the whole connection. */
export function createRequester(connection: NatsConnection): Requester {
  const denials = watchDenials(connection);
  return async ({ subject, headers, data }, wait) => {
    const inbox = createInbox();
    const end: (() => void)[] = [];
    const reply = new Promise<Msg>((resolve, reject) => {
      const subscription = connection.subscribe(inbox, {
        callback: (error, incoming) => (error === null ? resolve(incoming) : reject(error)),
      });
      end.push(denials.expect(subject, reject), () => subscription.unsubscribe());
    });
    // Nobody waits for it where the message cannot even be sent.
    reply.catch(() => undefined);
    try {
      connection.publish(subject, data, { headers, reply: inbox });
      return await wait(reply);
    } finally {
      for (const step of end) step();
    }
  };
}

const NO_RESPONDERS = 503;

/**
 * Whether it is the server that answers, as nobody listens.
 * @throws {Error} where the headers are malformed.
 */
export function isNoResponders({ data, headers }: Pick<Msg, 'data' | 'headers'>): boolean {
  return data.length === 0 && headers?.code === NO_RESPONDERS;
}
