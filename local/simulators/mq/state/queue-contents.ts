import type { Queue } from '../model.ts';

/** One message, as the messaging REST API shows it. */
export interface SimulatedMessage {
  /** 48 hexadecimal digits. */
  readonly id: string;
  readonly correlationId: string | undefined;
  /** `MQSTR` is text. Others can be listed over REST, and not got. */
  readonly format: string;
  readonly text: string;
}

/** What a putter decides. */
export type NewMessage = Pick<SimulatedMessage, 'text'> &
  Partial<Pick<SimulatedMessage, 'correlationId' | 'format'>>;

/**
 * Which messages lie on which queue. How many there are is the queue's own business: whoever counts up or down without
 * saying what came or went lets messages be made up at the end, or takes the oldest away.
 */
export interface QueueContents {
  /** What can be got, oldest first; of a long queue the first 10,000. */
  readonly messages: (qmgr: string, queue: Queue) => readonly SimulatedMessage[];
  /** Adds a message at the end of a queue whose depth is about to rise. */
  readonly add: (qmgr: string, queue: Queue, message: NewMessage) => SimulatedMessage;
  /** Takes one message out of a queue whose depth is about to fall. */
  readonly remove: (qmgr: string, queue: Queue, id: string) => void;
  /** Follows the depth of a queue that was looked at before; nothing is kept of others. */
  readonly follow: (qmgr: string, queue: Queue) => void;
  /** A queue, or all of a queue manager, is made anew. */
  readonly forget: (qmgr: string, queue?: string) => void;
}

const MESSAGES_MAX = 10_000;

export function createQueueContents(): QueueContents {
  const held = new Map<string, Map<string, SimulatedMessage[]>>();
  let count = 0;

  const make = (qmgr: string, { text, correlationId, format = 'MQSTR' }: NewMessage): SimulatedMessage => {
    count += 1;
    return { id: messageId(qmgr, count), correlationId, format, text };
  };
  const settle = (qmgr: string, { depth }: Queue, list: SimulatedMessage[]): SimulatedMessage[] => {
    if (list.length > depth) list.splice(0, list.length - depth);
    while (list.length < Math.min(depth, MESSAGES_MAX))
      list.push(make(qmgr, { text: `message ${count + 1}` }));
    return list;
  };
  const listOf = (qmgr: string, queue: Queue): SimulatedMessage[] => {
    const queues = held.get(qmgr) ?? new Map<string, SimulatedMessage[]>();
    held.set(qmgr, queues);
    const list = queues.get(queue.name) ?? [];
    queues.set(queue.name, list);
    return settle(qmgr, queue, list);
  };

  return {
    messages: (qmgr, queue) => [...listOf(qmgr, queue)],
    add: (qmgr, queue, given) => {
      const message = make(qmgr, given);
      listOf(qmgr, queue).push(message);
      return message;
    },
    remove: (qmgr, queue, id) => {
      const list = listOf(qmgr, queue);
      const index = list.findIndex((message) => message.id === id);
      if (index >= 0) list.splice(index, 1);
    },
    follow: (qmgr, queue) => {
      const list = held.get(qmgr)?.get(queue.name);
      if (list !== undefined) settle(qmgr, queue, list);
    },
    forget: (qmgr, queue) => {
      if (queue === undefined) held.delete(qmgr);
      else held.get(qmgr)?.delete(queue);
    },
  };
}

/** As MQ makes them: `AMQ `, the first 12 characters of the queue manager's name, and what is unique. */
function messageId(qmgr: string, count: number): string {
  const origin = Buffer.from(`AMQ ${qmgr.slice(0, 12).padEnd(12)}`, 'latin1').toString('hex');
  return `${origin}${count.toString(16).padStart(16, '0')}`;
}
