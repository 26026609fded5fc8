import { isMqName } from '../../../lib/queues/mq-name.ts';
import {
  createQueue,
  DEPTH_MAX,
  type Queue,
  type QueueDefinition,
  type QueueManager,
  type QueueManagerDefinition,
  type QueueManagerState,
} from './model.ts';
import { PRELOADED_QUEUES } from './preloaded-queues.ts';
import { SimulatorError } from './simulator-error.ts';

/** The queue managers of one simulator and what is done to them. All of it throws {SimulatorError}. */
export interface QueueManagers {
  readonly names: () => readonly string[];
  /** Undefined when there is none of that name, which is case-sensitive. */
  readonly find: (qmgr: string) => QueueManager | undefined;
  readonly queueManager: (qmgr: string) => QueueManager;
  /** Adds a queue manager, or replaces it with all its queues. */
  readonly add: (definition: QueueManagerDefinition) => void;
  readonly setState: (qmgr: string, state: QueueManagerState) => void;
  readonly queue: (qmgr: string, queue: string) => Queue;
  /** Adds a queue, or replaces it. */
  readonly addQueue: (qmgr: string, queue: string, definition: QueueDefinition) => Queue;
  /** Puts `n` messages, all or none. Answers the depth after. */
  readonly put: (qmgr: string, queue: string, n: number) => number;
  /** Takes up to `n` messages off. Answers how many there were to take. */
  readonly get: (qmgr: string, queue: string, n: number) => number;
}

interface Held {
  state: QueueManagerState;
  readonly queues: Map<string, Queue>;
}

export function createQueueManagers(): QueueManagers {
  const held = new Map<string, Held>();

  const manager = (qmgr: string): Held => found(held.get(qmgr), 'queue manager', qmgr, held.keys());
  const queueOf = (qmgr: string, queue: string): Queue => {
    const { queues } = manager(qmgr);
    const own = [...queues.keys()].filter((name) => !name.startsWith('SYSTEM.'));
    return found(queues.get(queue), `queue on ${qmgr}`, queue, own);
  };
  const setDepth = (qmgr: string, queue: Queue, depth: number): void => {
    manager(qmgr).queues.set(queue.name, { ...queue, depth });
  };

  const add = ({ name, queues = {}, state = 'running', preload = true }: QueueManagerDefinition): void => {
    checkName('queue manager', name);
    const definitions = { ...(preload ? PRELOADED_QUEUES : {}), ...queues };
    const made = Object.entries(definitions).map(([queue, definition]) =>
      checkedQueue(queue, typeof definition === 'number' ? { depth: definition } : definition),
    );
    held.set(name, { state, queues: new Map(made.map((queue) => [queue.name, queue])) });
  };

  const put = (qmgr: string, name: string, n: number): number => {
    const queue = localQueue(queueOf(qmgr, name));
    const depth = queue.depth + checkCount(n);
    if (depth > queue.maximumDepth)
      throw new SimulatorError(
        409,
        `${name} takes ${queue.maximumDepth} messages and has ${queue.depth}: it is full`,
      );
    setDepth(qmgr, queue, depth);
    return depth;
  };

  const get = (qmgr: string, name: string, n: number): number => {
    const queue = localQueue(queueOf(qmgr, name));
    const taken = Math.min(checkCount(n), queue.depth);
    setDepth(qmgr, queue, queue.depth - taken);
    return taken;
  };

  const addQueue = (qmgr: string, name: string, definition: QueueDefinition): Queue => {
    const queue = checkedQueue(name, definition);
    manager(qmgr).queues.set(name, queue);
    return queue;
  };

  return {
    names: () => [...held.keys()],
    find: (qmgr) => {
      const entry = held.get(qmgr);
      return entry && viewOf(qmgr, entry);
    },
    queueManager: (qmgr) => viewOf(qmgr, manager(qmgr)),
    add,
    setState: (qmgr, state) => void (manager(qmgr).state = state),
    queue: queueOf,
    addQueue,
    put,
    get,
  };
}

function viewOf(name: string, { state, queues }: Held): QueueManager {
  return { name, state, queues: [...queues.values()].toSorted(byName) };
}

function found<T>(value: T | undefined, kind: string, name: string, known: Iterable<string>): T {
  if (value !== undefined) return value;
  const names = [...known].slice(0, 50).join(', ') || 'none';
  throw new SimulatorError(404, `there is no ${kind} named ${JSON.stringify(name)}; there are: ${names}`);
}

function checkName(kind: string, name: string): void {
  if (isMqName(name)) return;
  const rule = '1 to 48 characters of A-Z a-z 0-9 . / _ %';
  throw new SimulatorError(400, `${JSON.stringify(name)} is not a ${kind} name: ${rule}`);
}

function checkedQueue(name: string, definition: QueueDefinition): Queue {
  checkName('queue', name);
  const queue = createQueue(name, definition);
  if (!Number.isInteger(queue.depth) || queue.depth < 0 || queue.depth > DEPTH_MAX)
    throw new SimulatorError(400, `depth of ${name} is a whole number from 0 to ${DEPTH_MAX}`);
  if (queue.type !== 'local' && queue.depth > 0)
    throw new SimulatorError(400, `${name} is of type ${queue.type}: only local queues hold messages`);
  return queue;
}

function localQueue(queue: Queue): Queue {
  if (queue.type === 'local') return queue;
  const hint = queue.targetName === '' ? '' : `; it stands for ${queue.targetName}`;
  throw new SimulatorError(
    409,
    `${queue.name} is of type ${queue.type}: only local queues hold messages${hint}`,
  );
}

function checkCount(n: number): number {
  if (Number.isSafeInteger(n) && n >= 1 && n <= DEPTH_MAX) return n;
  throw new SimulatorError(400, `a number of messages is a whole number from 1 to ${DEPTH_MAX}`);
}

function byName(a: Queue, b: Queue): number {
  return a.name < b.name ? -1 : 1;
}
