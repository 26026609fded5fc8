import { rootCertificates } from 'node:tls';
import type {
  QueueManagerSettings,
  QueueManagerTrust,
} from '../../lib/platform/configuration/configuration.ts';
import { createHttpClient, type HttpClient } from '../../lib/platform/http-client.ts';
import { secret } from '../../lib/platform/secret.ts';
import { systemRandomness } from '../../lib/platform/system-clock.ts';
import { createMqRestQueueDepths } from '../../lib/queues/mq-rest/mq-rest-queue-depths.ts';
import type { QueueDepths, QueueManagerReading, Wanted } from '../../lib/queues/queue-depths.ts';

export const NO_TRUST: QueueManagerTrust = { allowSelfSigned: false, ca: undefined, certificate: undefined };

/** The settings of a queue manager of the simulator. */
export function mqSettings(
  baseUrls: string | readonly string[],
  more: Partial<QueueManagerSettings> = {},
): QueueManagerSettings {
  return {
    qmgr: 'QM1',
    baseUrls: typeof baseUrls === 'string' ? [baseUrls] : baseUrls,
    api: 'auto',
    login: { kind: 'basic', user: 'mqreader', password: secret('mqreader') },
    gateway: undefined,
    trust: NO_TRUST,
    ...more,
  };
}

/** The client as it is composed for a function. */
export interface MqClient extends QueueDepths {
  readonly close: () => void;
}

export function createMqClient(queueManagers: readonly QueueManagerSettings[], timeoutMs = 5_000): MqClient {
  const clients: HttpClient[] = [];
  const depths = createMqRestQueueDepths({
    queueManagers,
    timeoutMs,
    random: systemRandomness,
    http: ({ allowSelfSigned, ca, certificate }) => {
      const client = createHttpClient({
        tls: {
          rejectUnauthorized: !allowSelfSigned,
          ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
          ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key.reveal() }),
        },
      });
      clients.push(client);
      return client;
    },
  });
  return { ...depths, close: () => clients.forEach((client) => client.close()) };
}

export function wanting(names: readonly string[], more: Partial<Wanted> = {}): Wanted {
  return { names: new Set(names), oldestMessageAge: false, openInputCount: false, ...more };
}

export const never = new AbortController().signal;

/** What a reading says: depths by name, or the code of its failure. */
export function depthsOf(reading: QueueManagerReading): unknown {
  if (reading.kind === 'failed') return reading.code;
  return Object.fromEntries([...reading.queues.values()].map(({ queue, depth }) => [queue, depth]));
}
