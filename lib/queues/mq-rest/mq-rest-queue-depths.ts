import type { QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import type { HttpClient } from '../../platform/http-client.ts';
import type { QueueDepths, QueueManagerReading } from '../queue-depths.ts';
import { notConfigured } from './failed-reading.ts';
import { createQueueManagerReader } from './queue-manager-reader.ts';

/** What the MQ REST client needs. */
export interface MqRestQueueDepthsDeps {
  /** In the order of the configuration. Of entries with the same name the first one is used. */
  readonly queueManagers: readonly QueueManagerSettings[];
  /** The client to use with or without verification of the server's certificate. Called once per value at most. */
  readonly http: (allowSelfSigned: boolean) => HttpClient;
  /** The limit of one reading, from dialling to the last byte. */
  readonly timeoutMs: number;
  /** Milliseconds since any fixed moment; the process's steady clock when not given. */
  readonly nowMs?: () => number;
}

/**
 * Reads queue depths over the administrative REST API of MQ, version 1: one `GET` of the queue resource per reading,
 * which asks for local queues that hold messages. Each queue manager is read by itself; what one does harms no other.
 */
export function createMqRestQueueDepths(deps: MqRestQueueDepthsDeps): QueueDepths {
  const nowMs = deps.nowMs ?? (() => performance.now());
  const http = onePerTrust(deps.http);
  const readers = new Map<string, (signal: AbortSignal) => Promise<QueueManagerReading>>();
  for (const settings of deps.queueManagers)
    if (!readers.has(settings.qmgr))
      readers.set(
        settings.qmgr,
        createQueueManagerReader({
          settings,
          http: http(settings.allowSelfSigned),
          timeoutMs: deps.timeoutMs,
          nowMs,
        }),
      );
  const queueManagers = [...readers.keys()];

  const read = async (qmgr: string, signal: AbortSignal): Promise<QueueManagerReading> =>
    (await readers.get(qmgr)?.(signal)) ?? notConfigured(qmgr, queueManagers);

  return { queueManagers, read };
}

function onePerTrust(
  make: (allowSelfSigned: boolean) => HttpClient,
): (allowSelfSigned: boolean) => HttpClient {
  const made = new Map<boolean, HttpClient>();
  return (allowSelfSigned) => {
    const client = made.get(allowSelfSigned) ?? make(allowSelfSigned);
    made.set(allowSelfSigned, client);
    return client;
  };
}
