import type { QueueManagerReading, QueueDepths } from '../../lib/queues/queue-depths.ts';
import { createMqClient, mqSettings, type MqClient } from '../../test/support/mq-client.ts';

const QUEUES = 100;

/** The client that is deployed, over the queue managers of the sink. */
export function sinkQueueManagers(port: number, names: readonly string[], timeoutMs: number): MqClient {
  const settings = names.map((qmgr) => mqSettings(`http://127.0.0.1:${port}`, { qmgr, api: 'v1' }));
  return createMqClient(settings, timeoutMs);
}

/** Queue managers in memory. Depths fall and rise from cycle to cycle: wake-ups without progress would come further and further apart. */
export function depthsInMemory(names: readonly string[], hold: 'messages' | 'nothing'): QueueDepths {
  const readings = [readingOf(2), readingOf(1)] as const;
  const nothing: QueueManagerReading = { kind: 'read', queues: new Map(), notFound: new Set(), warnings: [] };
  const asked = new Map<string, number>();
  return {
    queueManagers: names,
    read: async (qmgr) => {
      if (hold === 'nothing') return nothing;
      const times = asked.get(qmgr) ?? 0;
      asked.set(qmgr, times + 1);
      return times % 2 === 0 ? readings[0] : readings[1];
    },
  };
}

function readingOf(more: number): QueueManagerReading {
  const queues = Array.from({ length: QUEUES }, (_, index) => {
    const queue = `APP.QUEUE.${index}`;
    return [queue, { queue, depth: index + more }] as const;
  });
  return { kind: 'read', queues: new Map(queues), notFound: new Set(), warnings: [] };
}
