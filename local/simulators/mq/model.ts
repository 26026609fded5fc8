/** The queues that the simulator knows, as MQ defines them. Only local ones hold messages. */
export type QueueType = 'local' | 'alias' | 'remote' | 'model';

/** `dynamic` of a dynamic queue, `model.type` of a model queue. */
export type DynamicType = 'permanentDynamic' | 'temporaryDynamic';

/** How closely queues are monitored. Ages and times of get and put are known only when it is not off. */
export const MONITORING_RATES = ['off', 'low', 'medium', 'high'] as const;
export type MonitoringRate = (typeof MONITORING_RATES)[number];

/** One queue. Every field but the name has a default, see `createQueue`. */
export interface QueueDefinition {
  readonly type?: QueueType;
  /** Committed messages on a local queue, 0 to 999,999,999: what can be got. */
  readonly depth?: number;
  /** Messages that were put or got by somebody who has not committed yet. */
  readonly uncommittedPuts?: number;
  readonly uncommittedGets?: number;
  /** Messages that nobody can get any more and that still count. */
  readonly expired?: number;
  /** How often the queue is open for getting and for putting. */
  readonly inputHandles?: number;
  readonly outputHandles?: number;
  /** Epoch milliseconds; when not given and there are messages, the time of the definition. */
  readonly oldestPutAtMs?: number;
  readonly lastGetAtMs?: number;
  readonly lastPutAtMs?: number;
  readonly inhibitGet?: boolean;
  readonly inhibitPut?: boolean;
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
  /** Belongs to a queue sharing group (z/OS). */
  readonly shared?: boolean;
  readonly damaged?: boolean;
  /** `qmgr`: as the queue manager says. */
  readonly monq?: MonitoringRate | 'qmgr';
}

type Unknowable = 'dynamicType' | 'oldestPutAtMs' | 'lastGetAtMs' | 'lastPutAtMs';

/** A queue as it is now. */
export type Queue = Required<Omit<QueueDefinition, Unknowable>> & {
  readonly [Key in Unknowable]: Exclude<QueueDefinition[Key], undefined> | undefined;
} & { readonly name: string };

/** `ended` answers 503 (reason 2059), `standby` answers 500 (reason 2543). */
export const QUEUE_MANAGER_STATES = ['running', 'ended', 'standby'] as const;
export type QueueManagerState = (typeof QUEUE_MANAGER_STATES)[number];

export const PLATFORMS = ['distributed', 'zos'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** What is true of a queue manager as a whole. */
export interface QueueManagerSettings {
  readonly state: QueueManagerState;
  readonly platform: Platform;
  /** Decides which versions of the REST API there are: v2 from 9.1.5, v3 from 9.3.0. */
  readonly versionLevel: string;
  readonly monq: MonitoringRate;
  /** An IANA name, such as Europe/Berlin; mqsc shows times in it. */
  readonly timeZone: string;
  /** Can be reached through another queue manager only (`ibm-mq-rest-gateway-qmgr`). */
  readonly gatewayOnly: boolean;
  /** Whether `SYSTEM.REST.REPLY.QUEUE` is there, which mqsc needs. */
  readonly replyQueue: boolean;
  /** The endpoint of the simulator, from 0, on which it is active; on the others it is a standby. Undefined: on all. */
  readonly activeOn: number | undefined;
}

export const DEFAULT_SETTINGS: QueueManagerSettings = {
  state: 'running',
  platform: 'distributed',
  versionLevel: '9.4.0.0',
  monq: 'off',
  timeZone: 'UTC',
  gatewayOnly: false,
  replyQueue: true,
  activeOn: undefined,
};

/** One queue manager as it is now. `queues` is in the order of the names. */
export interface QueueManager extends QueueManagerSettings {
  readonly name: string;
  readonly queues: readonly Queue[];
}

/** A queue manager to begin with. */
export interface QueueManagerDefinition extends Partial<QueueManagerSettings> {
  readonly name: string;
  /** A number is a local queue with so many messages. Wins over a preloaded queue of the same name. */
  readonly queues?: Readonly<Record<string, number | QueueDefinition>>;
  /** False: without the queues that every queue manager has (`SYSTEM.…`, `DEV.…` and one of each kind). */
  readonly preload?: boolean;
}

export const DEPTH_MAX = 999_999_999;

/** Fills in what MQ would. */
export function createQueue(name: string, definition: QueueDefinition): Queue {
  return {
    type: 'local',
    depth: 0,
    uncommittedPuts: 0,
    uncommittedGets: 0,
    expired: 0,
    inputHandles: 0,
    outputHandles: 0,
    oldestPutAtMs: undefined,
    lastGetAtMs: undefined,
    lastPutAtMs: undefined,
    inhibitGet: false,
    inhibitPut: false,
    maximumDepth: 5000,
    description: '',
    dynamicType: undefined,
    targetName: '',
    remoteQueue: '',
    remoteQueueManager: '',
    isTransmissionQueue: false,
    shared: false,
    damaged: false,
    monq: 'qmgr',
    ...definition,
    name,
  };
}

/** The depth that MQ reports: uncommitted puts and expired messages count, uncommitted gets are out already. */
export function reportedDepth({ depth, uncommittedPuts, expired }: Queue): number {
  return depth + uncommittedPuts + expired;
}

/** How closely this queue of that queue manager is monitored. */
export function monitoringOf(qmgr: Pick<QueueManager, 'monq'>, queue: Queue): MonitoringRate {
  return queue.monq === 'qmgr' ? qmgr.monq : queue.monq;
}
