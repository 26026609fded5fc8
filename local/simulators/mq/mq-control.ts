import { parseFault, type MqFault, type ParsedFault } from './fault.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type {
  Queue,
  QueueDefinition,
  QueueManager,
  QueueManagerDefinition,
  QueueManagerState,
} from './model.ts';
import type { QueueManagers } from './queue-managers.ts';

/**
 * What can be done to a running simulator, in code and over `/_emu`. Names are case-sensitive.
 * What takes a name or an argument throws {SimulatorError} when it is wrong, and changes nothing then.
 */
export interface MqControl {
  /** Puts `n` messages (1) on a local queue. Answers its depth after. */
  readonly put: (qmgr: string, queue: string, n?: number) => number;
  /** Takes up to `n` messages (1) off a local queue. Answers how many there were to take. */
  readonly get: (qmgr: string, queue: string, n?: number) => number;
  readonly depth: (qmgr: string, queue: string) => number;
  readonly queue: (qmgr: string, queue: string) => Queue;
  /** Adds a queue, or replaces the one of that name. */
  readonly addQueue: (qmgr: string, queue: string, definition: QueueDefinition) => Queue;
  readonly queueManager: (qmgr: string) => QueueManager;
  /** Adds a queue manager, or replaces the one of that name. A fault that is set on it stays. */
  readonly addQueueManager: (definition: QueueManagerDefinition) => void;
  readonly setState: (qmgr: string, state: QueueManagerState) => void;
  /** Lets a queue manager misbehave from the next request on, or behave again (undefined). */
  readonly setFault: (qmgr: string, fault: MqFault | undefined) => void;
  /** The faults that are set, by queue manager. */
  readonly faults: () => Readonly<Record<string, MqFault>>;
  /** Every queue manager, with its queues that hold messages; MQ's own queues are left out. */
  readonly overview: () => Readonly<Record<string, QueueManagerOverview>>;
  /** The requests that reached the REST API, oldest first; those for one queue manager when it is named. */
  readonly journal: (qmgr?: string) => readonly JournalEntry[];
  readonly clearJournal: () => void;
}

/** One queue manager of the overview. `depths` counts messages, by queue. */
export interface QueueManagerOverview {
  readonly state: QueueManagerState;
  readonly depths: Readonly<Record<string, number>>;
}

/** The faults that are set, by queue manager; the REST server looks here. */
export type Faults = Map<string, { readonly fault: MqFault; readonly parsed: ParsedFault }>;

export function createMqControl(managers: QueueManagers, faults: Faults, journal: Journal): MqControl {
  return {
    put: (qmgr, queue, n = 1) => managers.put(qmgr, queue, n),
    get: (qmgr, queue, n = 1) => managers.get(qmgr, queue, n),
    depth: (qmgr, queue) => managers.queue(qmgr, queue).depth,
    queue: managers.queue,
    addQueue: managers.addQueue,
    queueManager: managers.queueManager,
    addQueueManager: managers.add,
    setState: managers.setState,
    setFault: (qmgr, fault) => {
      managers.queueManager(qmgr);
      if (fault === undefined) faults.delete(qmgr);
      else faults.set(qmgr, { fault, parsed: parseFault(fault) });
    },
    faults: () => Object.fromEntries([...faults].map(([qmgr, { fault }]) => [qmgr, fault])),
    overview: () =>
      Object.fromEntries(managers.names().map((qmgr) => [qmgr, overviewOf(managers.queueManager(qmgr))])),
    journal: (qmgr) => journal.entries().filter((entry) => qmgr === undefined || entry.qmgr === qmgr),
    clearJournal: journal.clear,
  };
}

function overviewOf({ state, queues }: QueueManager): QueueManagerOverview {
  const waiting = queues.filter(({ name, depth }) => depth > 0 && !name.startsWith('SYSTEM.'));
  return { state, depths: Object.fromEntries(waiting.map(({ name, depth }) => [name, depth])) };
}
