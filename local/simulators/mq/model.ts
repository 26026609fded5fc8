/** The queues that the simulator knows, as MQ defines them. Only local ones hold messages. */
export type QueueType = 'local' | 'alias' | 'remote' | 'model';

/** `dynamic` of a dynamic queue, `model.type` of a model queue. */
export type DynamicType = 'permanentDynamic' | 'temporaryDynamic';

/** One queue. Every field but the name has a default, see `createQueue`. */
export interface QueueDefinition {
  readonly type?: QueueType;
  /** Messages on a local queue, 0 to 999,999,999. */
  readonly depth?: number;
  /** Messages that a local queue takes at most. */
  readonly maximumDepth?: number;
  readonly description?: string;
  /** A local queue that was made from a model queue; or what a model queue makes. */
  readonly dynamicType?: DynamicType;
  /** What an alias stands for. */
  readonly targetName?: string;
  /** Where a remote queue leads. */
  readonly remoteQueue?: string;
  readonly remoteQueueManager?: string;
  readonly isTransmissionQueue?: boolean;
}

/** A queue as it is now. */
export type Queue = Required<Omit<QueueDefinition, 'dynamicType'>> & {
  readonly name: string;
  readonly dynamicType: DynamicType | undefined;
};

/** `ended` answers 503 (reason 2059), `standby` answers 500 (reason 2543). */
export const QUEUE_MANAGER_STATES = ['running', 'ended', 'standby'] as const;
export type QueueManagerState = (typeof QUEUE_MANAGER_STATES)[number];

/** One queue manager as it is now. `queues` is in the order of the names. */
export interface QueueManager {
  readonly name: string;
  readonly state: QueueManagerState;
  readonly queues: readonly Queue[];
}

/** A queue manager to begin with. */
export interface QueueManagerDefinition {
  readonly name: string;
  /** A number is a local queue with so many messages. Wins over a preloaded queue of the same name. */
  readonly queues?: Readonly<Record<string, number | QueueDefinition>>;
  readonly state?: QueueManagerState;
  /** False: without the queues that every queue manager has (`SYSTEM.…`, `DEV.…` and one of each kind). */
  readonly preload?: boolean;
}

export const DEPTH_MAX = 999_999_999;

/** Fills in what MQ would. */
export function createQueue(name: string, definition: QueueDefinition): Queue {
  return {
    name,
    type: definition.type ?? 'local',
    depth: definition.depth ?? 0,
    maximumDepth: definition.maximumDepth ?? 5000,
    description: definition.description ?? '',
    dynamicType: definition.dynamicType,
    targetName: definition.targetName ?? '',
    remoteQueue: definition.remoteQueue ?? '',
    remoteQueueManager: definition.remoteQueueManager ?? '',
    isTransmissionQueue: definition.isTransmissionQueue ?? false,
  };
}
