import { Match, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { HeaderReader } from '../../lib/delivery/nats/message-codec.ts';
import { plainText } from '../../lib/delivery/nats/plain-text.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import { refuse } from './handler/handler-result.ts';
import { PLAIN, reply } from './reply.ts';
import { ResponderError } from './responder-error.ts';
import { within } from './within.ts';

/** What answers messages. */
export interface Service {
  readonly answer: (message: Msg, header: HeaderReader) => Promise<void>;
  /** From now on everything new is refused. Resolves when nothing is being answered. */
  readonly close: () => Promise<void>;
}

/** Where a service listens. */
export interface Place {
  readonly subject: string;
  /** Of those who share a group, one gets each message. */
  readonly group: string;
}

/** What `serve` works with; a line of the log is for people. */
export interface ServeDeps {
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

// Without a server it would wait for the next one.
const DRAIN_MS_MAX = 1_000;

/** A service at work. */
export interface Serving {
  /** What is being answered is finished, what still comes is refused. */
  readonly stop: () => Promise<void>;
  /** Resolves when the server, or the end of the connection, has ended it. */
  readonly ended: Promise<unknown>;
}

/**
 * Lets a service answer what comes to a subject. Resolves once the server knows.
 * @throws {ResponderError} when the server does not let us.
 */
export async function serve(
  connection: NatsConnection,
  { subject, group }: Place,
  service: Service,
  { clock, log }: ServeDeps,
): Promise<Serving> {
  const subscription = connection.subscribe(subject, { queue: group });
  const answering = new Set<Promise<void>>();
  const accept = async (): Promise<void> => {
    for await (const message of subscription) {
      const answered = answer(service, message, log);
      answering.add(answered);
      void answered.finally(() => answering.delete(answered));
    }
  };
  // How it ended is told by `closed`.
  const accepted = accept().catch(() => undefined);
  await connection.flush();
  if (subscription.isClosed())
    throw new ResponderError(1, `the server does not let us subscribe to ${subject}`);
  return {
    stop: async () => {
      const closed = service.close();
      // A subscription that is over needs no draining, and says so by rejecting.
      const drained = subscription.drain().catch(() => undefined);
      await within(DRAIN_MS_MAX, Promise.all([drained, accepted]), clock);
      await closed;
      await Promise.all(answering);
    },
    ended: subscription.closed,
  };
}

async function answer(service: Service, message: Msg, log: (line: string) => void): Promise<void> {
  try {
    const header = headerOf(message);
    if (header === undefined) return reply(message, refuse(400, 'the headers cannot be read'), PLAIN);
    await service.answer(message, header);
  } catch (error) {
    log(
      `${plainText(message.subject)}: cannot be answered: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

/** Reads the headers by name, in whatever case; undefined when they are not well formed. */
function headerOf(message: Msg): HeaderReader | undefined {
  try {
    const { headers } = message;
    return (name) => (headers?.has(name, Match.IgnoreCase) ? headers.get(name, Match.IgnoreCase) : undefined);
  } catch {
    return undefined;
  }
}
