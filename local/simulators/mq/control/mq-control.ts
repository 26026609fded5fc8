import type { MqFault } from '../fault.ts';
import type { FaultRule } from '../faults/fault-rules.ts';
import type {
  Queue,
  QueueDefinition,
  QueueManager,
  QueueManagerDefinition,
  QueueManagerSettings,
  QueueManagerState,
} from '../model.ts';
import type { JournalEntry } from '../rest/journal.ts';
import type { NewMessage } from '../state/queue-contents.ts';
import type { Switches } from '../switches.ts';

/** How messages are put or got: `commit: false` leaves them pending. */
export interface UnitOfWork {
  readonly commit?: boolean;
}

/**
 * What can be done to a running simulator, in code and over `/_emu`. Names are case-sensitive.
 * What takes a name or an argument throws {SimulatorError} when it is wrong, and changes nothing then.
 */
export interface MqControl {
  /** Puts `n` messages (1) on a local queue. Answers its depth after. */
  readonly put: (qmgr: string, queue: string, n?: number, work?: UnitOfWork) => number;
  /** Puts one message as it is given on a local queue. Answers its id. */
  readonly putMessage: (qmgr: string, queue: string, message: NewMessage) => string;
  /** Takes up to `n` messages (1) off a local queue. Answers how many there were to take. */
  readonly get: (qmgr: string, queue: string, n?: number, work?: UnitOfWork) => number;
  /** Ends what is pending on a queue; both answer the depth after. */
  readonly commit: (qmgr: string, queue: string) => number;
  readonly backOut: (qmgr: string, queue: string) => number;
  /** Lets up to `n` messages (1) expire; they still count. Answers the depth, which is the same. */
  readonly expire: (qmgr: string, queue: string, n?: number) => number;
  /** As the queue manager reports it. */
  readonly depth: (qmgr: string, queue: string) => number;
  readonly queue: (qmgr: string, queue: string) => Queue;
  /** Adds a queue, or replaces the one of that name. */
  readonly addQueue: (qmgr: string, queue: string, definition: QueueDefinition) => Queue;
  readonly queueManager: (qmgr: string) => QueueManager;
  /** Adds a queue manager, or replaces the one of that name. A fault that is set on it stays. */
  readonly addQueueManager: (definition: QueueManagerDefinition) => void;
  readonly changeQueueManager: (qmgr: string, settings: Partial<QueueManagerSettings>) => void;
  readonly setState: (qmgr: string, state: QueueManagerState) => void;
  /** Makes a queue manager active on the next endpoint, as in a failover. */
  readonly flip: (qmgr: string) => void;
  /** Lets a queue manager misbehave from the next request on, or behave again (undefined: no fault of its own is left). */
  readonly setFault: (qmgr: string, fault: MqFault | undefined) => void;
  /** Adds a fault for some requests only, or one for all queue managers. */
  readonly addFault: (rule: FaultRule) => void;
  readonly clearFaults: () => void;
  /** The faults that always come up, by queue manager. */
  readonly faults: () => Readonly<Record<string, MqFault>>;
  readonly faultRules: () => readonly FaultRule[];
  readonly switches: () => Switches;
  /** Sets some switches; the others stay. */
  readonly setSwitches: (settings: Readonly<Record<string, unknown>>) => void;
  /** Every queue manager, or the one that is named, with its queues that hold messages; MQ's own queues are left out. */
  readonly overview: (qmgr?: string) => Readonly<Record<string, QueueManagerOverview>>;
  /** The requests that reached the REST API, oldest first; those for one queue manager when it is named. */
  readonly journal: (qmgr?: string) => readonly JournalEntry[];
  readonly clearJournal: () => void;
}

/** One queue manager of the overview. `depths` counts messages, by queue. */
export interface QueueManagerOverview {
  readonly state: QueueManagerState;
  readonly depths: Readonly<Record<string, number>>;
}
