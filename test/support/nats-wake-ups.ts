import { connect, headers as createHeaders, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { createNatsChannel } from '../../lib/delivery/channels/nats/nats-channel.ts';
import type { AttemptResult, Channel, WakeUp } from '../../lib/delivery/channel.ts';
import type { NatsSettings } from '../../lib/platform/configuration/configuration.ts';
import { systemClock } from '../../lib/platform/system-clock.ts';
import { aDraft } from './test-store.ts';

/** A channel over the real client, without credentials unless given. */
export function natsChannel(address: string, given: Partial<NatsSettings> = {}): Channel {
  const settings: NatsSettings = {
    servers: [`nats://${address}`],
    credentials: undefined,
    serialization: 'json',
    compression: 'none',
    ...given,
  };
  return createNatsChannel({ settings, clock: systemClock });
}

/** A wake-up of a registration whose target is `nats:<subject>`. */
export function natsWakeUp(
  subject: string,
  delivery: WakeUp['registration']['delivery'] = {},
  given: Partial<WakeUp> = {},
): WakeUp {
  return {
    id: '7b5a4c0e-9d0f-4b43-8f0e-2f6f1c0a9b11',
    registration: {
      format: 1,
      revision: 'r',
      ...aDraft({ id: 'the-id', notify: `nats:${subject}` }),
      delivery,
    },
    queue: 'DEV.QUEUE.1',
    depth: 42,
    decidedAtMs: Date.parse('2026-11-21T21:31:00.123Z'),
    headers: {},
    ...given,
  };
}

/** One attempt, which may take two seconds unless said otherwise. */
export function wake(
  channel: Channel,
  wakeUp: WakeUp | string,
  timeoutMs = 2_000,
  signal = new AbortController().signal,
): Promise<AttemptResult> {
  return channel.attempt(typeof wakeUp === 'string' ? natsWakeUp(wakeUp) : wakeUp, { timeoutMs, signal });
}

/** A responder as a test wants it, and what it was sent. */
export interface TestResponder {
  readonly seen: readonly Msg[];
  readonly connection: NatsConnection;
}

/** Listens on a subject from the moment this resolves. */
export async function respondOn(
  address: string,
  subject: string,
  answer: (message: Msg, nth: number) => unknown,
  credentials: { readonly user?: string; readonly pass?: string } = {},
): Promise<TestResponder> {
  const connection = await connect({ servers: [address], reconnect: false, ...credentials });
  const seen: Msg[] = [];
  connection.subscribe(subject, {
    callback: (error, message) => {
      if (error === null) answer(message, seen.push(message));
    },
  });
  await connection.flush();
  return { seen, connection };
}

/** Headers as the client wants them. */
export function headersOf(given: Readonly<Record<string, string>>): ReturnType<typeof createHeaders> {
  const headers = createHeaders();
  for (const [name, value] of Object.entries(given)) headers.set(name, value);
  return headers;
}
