import type { Randomness } from '../../platform/clock.ts';
import type { QueueManagerSettings, QueueManagerTrust } from '../../platform/configuration/configuration.ts';
import type { HttpClient } from '../../platform/http-client.ts';
import { createLimit } from '../../platform/limit.ts';
import type { QueueDepths } from '../queue-depths.ts';
import { notConfigured } from './failed-reading.ts';
import { createQueueManagerReader, type ReadQueueManager } from './queue-manager-reader.ts';

/** What the MQ REST client needs. */
export interface MqRestQueueDepthsDeps {
  /** In the order of the configuration. Of entries with the same name the first one is used. */
  readonly queueManagers: readonly QueueManagerSettings[];
  /** The client for one kind of trust. Called once for each. */
  readonly http: (trust: QueueManagerTrust) => HttpClient;
  /** The limit of one reading, from dialling to the last byte. */
  readonly timeoutMs: number;
  /** Milliseconds since any fixed moment; the process's steady clock when not given. */
  readonly nowMs?: () => number;
  /** Chooses where to begin among more names than are asked about at once. */
  readonly random: Randomness;
}

/** Queue managers read at the same time: enough that a good part of a thousand may hang and delay nobody. */
const AT_ONCE_MAX = 256;

/**
 * Reads queue depths over the administrative REST API of MQ. Each queue manager is read by itself; what one does harms no
 * other. What is learned of one (its login, its API, what it refuses) is kept while the instance is warm.
 */
export function createMqRestQueueDepths(deps: MqRestQueueDepthsDeps): QueueDepths {
  const nowMs = deps.nowMs ?? (() => performance.now());
  const clientFor = onePerTrust(deps.http);
  const limit = createLimit(AT_ONCE_MAX);
  const readers = new Map<string, ReadQueueManager>();
  for (const settings of deps.queueManagers)
    if (!readers.has(settings.qmgr)) {
      const http = clientFor(settings.trust);
      readers.set(
        settings.qmgr,
        createQueueManagerReader({ settings, http, timeoutMs: deps.timeoutMs, nowMs, random: deps.random }),
      );
    }
  const queueManagers = [...readers.keys()];

  return {
    queueManagers,
    read: async (qmgr, wanted, signal) => {
      const read = readers.get(qmgr);
      return read === undefined ? notConfigured(qmgr, queueManagers) : limit(() => read(wanted, signal));
    },
  };
}

/** Queue managers that trust the same share connections. */
function onePerTrust(
  make: (trust: QueueManagerTrust) => HttpClient,
): (trust: QueueManagerTrust) => HttpClient {
  const made = new Map<string, HttpClient>();
  return (trust) => {
    const { allowSelfSigned, ca, certificate } = trust;
    const key = JSON.stringify([allowSelfSigned, ca, certificate?.cert, certificate?.key.reveal()]);
    const client = made.get(key) ?? make(trust);
    made.set(key, client);
    return client;
  };
}
