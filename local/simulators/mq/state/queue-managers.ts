import { isMqName } from '../../../../lib/queues/mq-name.ts';
import {
  createQueue,
  DEFAULT_SETTINGS,
  DEPTH_MAX,
  reportedDepth,
  type Queue,
  type QueueDefinition,
  type QueueManager,
  type QueueManagerDefinition,
  type QueueManagerSettings,
} from '../model.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import { PRELOADED_QUEUES } from './preloaded-queues.ts';
import { createQueueContents, type QueueContents } from './queue-contents.ts';

/** The queue managers of one simulator. All of it throws {SimulatorError}. */
export interface QueueManagers {
  readonly names: () => readonly string[];
  readonly has: (qmgr: string) => boolean;
  /** Undefined when there is none of that name, which is case-sensitive. */
  readonly find: (qmgr: string) => QueueManager | undefined;
  readonly queueManager: (qmgr: string) => QueueManager;
  /** Without its queues, which cost more the more there are. */
  readonly settings: (qmgr: string) => QueueManagerSettings | undefined;
  /** Adds a queue manager, or replaces it with all its queues. */
  readonly add: (definition: QueueManagerDefinition) => void;
  readonly change: (qmgr: string, settings: Partial<QueueManagerSettings>) => void;
  readonly queue: (qmgr: string, queue: string) => Queue;
  /** Adds a queue, or replaces it. */
  readonly addQueue: (qmgr: string, queue: string, definition: QueueDefinition) => Queue;
  /** Puts another queue of the same name in the place of one. */
  readonly replaceQueue: (qmgr: string, queue: Queue) => void;
  readonly contents: Pick<QueueContents, 'messages' | 'add' | 'remove'>;
}

interface Held {
  settings: QueueManagerSettings;
  readonly queues: Map<string, Queue>;
  /** In order; undefined when a name was added since. */
  names: readonly string[] | undefined;
}

export function createQueueManagers(nowMs: () => number): QueueManagers {
  const held = new Map<string, Held>();
  const contents = createQueueContents();

  const manager = (qmgr: string): Held => found(held.get(qmgr), 'queue manager', qmgr, held.keys());
  const queueOf = (qmgr: string, queue: string): Queue => {
    const { queues } = manager(qmgr);
    return found(queues.get(queue), `queue on ${qmgr}`, queue, queues.keys());
  };

  const add = ({ name, queues = {}, preload = true, ...given }: QueueManagerDefinition): void => {
    checkName('queue manager', name);
    const settings = checkedSettings({ ...DEFAULT_SETTINGS, ...given });
    const definitions = { ...(preload ? PRELOADED_QUEUES : {}), ...queues };
    const made = Object.entries(definitions).map(([queue, definition]) =>
      checkedQueue(queue, typeof definition === 'number' ? { depth: definition } : definition, nowMs()),
    );
    contents.forget(name);
    held.set(name, { settings, queues: new Map(made.map((queue) => [queue.name, queue])), names: undefined });
  };

  return {
    names: () => [...held.keys()],
    has: (qmgr) => held.has(qmgr),
    find: (qmgr) => {
      const entry = held.get(qmgr);
      return entry && viewOf(qmgr, entry);
    },
    queueManager: (qmgr) => viewOf(qmgr, manager(qmgr)),
    settings: (qmgr) => held.get(qmgr)?.settings,
    add,
    change: (qmgr, settings) => {
      const entry = manager(qmgr);
      entry.settings = checkedSettings({ ...entry.settings, ...settings });
    },
    queue: queueOf,
    addQueue: (qmgr, name, definition) => {
      const queue = checkedQueue(name, definition, nowMs());
      const entry = manager(qmgr);
      entry.queues.set(name, queue);
      contents.forget(qmgr, name);
      entry.names = undefined;
      return queue;
    },
    replaceQueue: (qmgr, queue) => {
      manager(qmgr).queues.set(queue.name, queue);
      contents.follow(qmgr, queue);
    },
    contents,
  };
}

function viewOf(name: string, held: Held): QueueManager {
  held.names ??= [...held.queues.keys()].toSorted();
  const queues = held.names.flatMap((queue) => held.queues.get(queue) ?? []);
  return { ...held.settings, name, queues };
}

function found<T>(value: T | undefined, kind: string, name: string, known: Iterable<string>): T {
  if (value !== undefined) return value;
  const own = [...known].filter((candidate) => !candidate.startsWith('SYSTEM.'));
  const names = own.slice(0, 50).join(', ') || 'none';
  throw new SimulatorError(404, `there is no ${kind} named ${JSON.stringify(name)}; there are: ${names}`);
}

function checkName(kind: string, name: string): void {
  if (isMqName(name)) return;
  const rule = '1 to 48 characters of A-Z a-z 0-9 . / _ %';
  throw new SimulatorError(400, `${JSON.stringify(name)} is not a ${kind} name: ${rule}`);
}

function checkedQueue(name: string, definition: QueueDefinition, nowMs: number): Queue {
  checkName('queue', name);
  const queue = createQueue(name, definition);
  const counts = ['depth', 'uncommittedPuts', 'uncommittedGets', 'expired'] as const;
  for (const count of counts) checkCount(`${count} of ${name}`, queue[count]);
  const depth = reportedDepth(queue);
  if (queue.type !== 'local' && depth > 0)
    throw new SimulatorError(400, `${name} is of type ${queue.type}: only local queues hold messages`);
  return { ...queue, oldestPutAtMs: queue.oldestPutAtMs ?? (depth > 0 ? nowMs : undefined) };
}

function checkCount(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > DEPTH_MAX)
    throw new SimulatorError(400, `${what} is a whole number from 0 to ${DEPTH_MAX}`);
}

function checkedSettings(settings: QueueManagerSettings): QueueManagerSettings {
  if (!/^\d+(\.\d+){1,3}$/.test(settings.versionLevel))
    throw new SimulatorError(400, `${settings.versionLevel} is no version level such as 9.4.0`);
  try {
    new Intl.DateTimeFormat('en', { timeZone: settings.timeZone }).format(0);
  } catch {
    throw new SimulatorError(400, `${settings.timeZone} is no time zone such as Europe/Berlin`);
  }
  return settings;
}
