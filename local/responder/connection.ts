import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../../lib/delivery/nats/connect-nats.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import type { NatsSettings } from '../../lib/platform/configuration/configuration.ts';
import { ResponderError } from './responder-error.ts';
import { within } from './within.ts';

const CONNECT_TIMEOUT_MS = 10_000;
// Without a server it would wait for the next one.
const CLOSE_MS_MAX = 1_000;

/**
 * Connects, and from then on connects again whenever the connection is lost. `log` tells people of it.
 * @throws {ResponderError} when there is no server at first, or it does not let us in.
 */
export async function openConnection(
  settings: NatsSettings,
  log: (line: string) => void,
): Promise<NatsConnection> {
  const connection = await connectOrExplain(settings);
  void tell(connection, log);
  return connection;
}

/** Sends what is to be sent, and ends the connection. */
export async function closeConnection(connection: NatsConnection, clock: Clock): Promise<void> {
  // One that is over or broken needs no draining, and says so by rejecting.
  const drained = connection.drain().catch(() => undefined);
  await within(CLOSE_MS_MAX, drained, clock);
  await connection.close();
}

async function connectOrExplain(settings: NatsSettings): Promise<NatsConnection> {
  const options = { name: 'mq-observer respond', timeoutMs: CONNECT_TIMEOUT_MS, reconnect: true };
  try {
    return await connectNats(settings, options);
  } catch (error) {
    const words = error instanceof Error ? error.message : 'unknown';
    throw new ResponderError(1, `cannot connect to ${settings.servers.join(', ')}: ${words}`);
  }
}

async function tell(connection: NatsConnection, log: (line: string) => void): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') log(`the connection to ${status.server} is lost`);
    if (status.type === 'reconnect') log(`connected to ${status.server} again`);
    if (status.type === 'error') log(`the server says: ${status.error.message}`);
  }
}
