import { createQueueNames } from '../lib/queues/queue-names.ts';
import { parseQueueList, pickQueues } from '../lib/queues/mq-rest/v1/queue-list.ts';
import { atMost, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { inTurns, tookMs } from './support/in-turns.ts';
import { queueListOf } from './support/queue-list.ts';

const BYTES = 10 * 1024 * 1024;
/** Names that somebody waits for: few of those that hold messages, and a beginning. */
const WANTED = [...Array.from({ length: 1_000 }, (_, index) => `APP.QUEUE.${index * 7}`), 'OTHER.*'];

/** Reads the status of a queue manager with very many queues, beside reading it as JSON and no more. */
export const parsing: Section = {
  name: 'parsing',
  title: 'Reading 10 MB of queue status',
  measure: async ({ rounds }): Promise<Findings> => {
    const count = Math.round(BYTES / (queueListOf(1_000, 5).length / 1_000));
    const body = Buffer.from(queueListOf(count, 5));
    const names = createQueueNames(WANTED);
    const took = await inTurns(5 * rounds, {
      json: () => tookMs(async () => JSON.parse(body.toString('utf8')) as unknown),
      ours: () =>
        tookMs(async () => {
          const list = parseQueueList(body, 'application/json');
          if (list.kind !== 'queues' || pickQueues(list.entries, names).size === 0)
            throw new Error('nothing was read');
        }),
    });
    return {
      figures: [
        figureOf({
          ...{ name: 'parse, check and pick what is waited for', unit: 'ms', ours: took.ours },
          ...{ baseline: { name: 'JSON.parse', values: took.json }, target: atMost(1.3) },
        }),
      ],
    };
  },
};
