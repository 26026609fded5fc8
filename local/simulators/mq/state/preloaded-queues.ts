import type { QueueDefinition } from '../model.ts';

const system = (depth = 0): QueueDefinition => ({ depth, maximumDepth: 999_999_999 });

/**
 * What a fresh queue manager has: MQ's own queues, some of them never empty, the queues of IBM's developer image, and
 * one queue of each kind that an observer must leave alone.
 */
export const PRELOADED_QUEUES: Readonly<Record<string, QueueDefinition>> = {
  'AMQ.REPLY.64F0C1E222B30540': { depth: 2, dynamicType: 'permanentDynamic' },
  'DEV.ALIAS': { type: 'alias', targetName: 'DEV.QUEUE.1' },
  'DEV.DEAD.LETTER.QUEUE': {},
  'DEV.QUEUE.1': {},
  'DEV.QUEUE.2': {},
  'DEV.QUEUE.3': {},
  'DEV.REMOTE': { type: 'remote', remoteQueue: 'ORDERS.IN', remoteQueueManager: 'QM.ELSEWHERE' },
  // A name that only looks like one of MQ's own.
  'PAYSYSTEM.IN': {},
  'QM.ELSEWHERE': { isTransmissionQueue: true },
  'SYSTEM.ADMIN.ACCOUNTING.QUEUE': system(),
  'SYSTEM.ADMIN.ACTIVITY.QUEUE': system(),
  'SYSTEM.ADMIN.CHANNEL.EVENT': system(),
  'SYSTEM.ADMIN.COMMAND.EVENT': system(),
  'SYSTEM.ADMIN.COMMAND.QUEUE': system(),
  'SYSTEM.ADMIN.CONFIG.EVENT': system(),
  'SYSTEM.ADMIN.LOGGER.EVENT': system(),
  'SYSTEM.ADMIN.PERFM.EVENT': system(),
  'SYSTEM.ADMIN.PUBSUB.EVENT': system(),
  'SYSTEM.ADMIN.QMGR.EVENT': system(4),
  'SYSTEM.ADMIN.STATISTICS.QUEUE': system(),
  'SYSTEM.AUTH.DATA.QUEUE': system(94),
  'SYSTEM.BROKER.CONTROL.QUEUE': system(),
  'SYSTEM.CHANNEL.INITQ': system(),
  'SYSTEM.CHANNEL.SYNCQ': system(1),
  'SYSTEM.CHLAUTH.DATA.QUEUE': system(3),
  'SYSTEM.CICS.INITIATION.QUEUE': system(),
  'SYSTEM.CLUSTER.COMMAND.QUEUE': system(),
  'SYSTEM.CLUSTER.HISTORY.QUEUE': system(),
  'SYSTEM.CLUSTER.REPOSITORY.QUEUE': system(1),
  'SYSTEM.CLUSTER.TRANSMIT.QUEUE': { ...system(), isTransmissionQueue: true },
  'SYSTEM.DEAD.LETTER.QUEUE': system(),
  'SYSTEM.DEFAULT.ALIAS.QUEUE': { type: 'alias' },
  'SYSTEM.DEFAULT.INITIATION.QUEUE': system(),
  'SYSTEM.DEFAULT.LOCAL.QUEUE': system(),
  'SYSTEM.DEFAULT.MODEL.QUEUE': { type: 'model', dynamicType: 'temporaryDynamic' },
  'SYSTEM.DEFAULT.REMOTE.QUEUE': { type: 'remote' },
  'SYSTEM.DURABLE.MODEL.QUEUE': { type: 'model', dynamicType: 'permanentDynamic' },
  'SYSTEM.DURABLE.SUBSCRIBER.QUEUE': system(1),
  'SYSTEM.HIERARCHY.STATE': system(2),
  'SYSTEM.MQEXPLORER.REPLY.MODEL': { type: 'model', dynamicType: 'temporaryDynamic' },
  'SYSTEM.PENDING.DATA.QUEUE': system(),
  'SYSTEM.PROTECTION.POLICY.QUEUE': system(),
  'SYSTEM.REST.REPLY.QUEUE': system(),
  'SYSTEM.RETAINED.PUB.QUEUE': system(2),
  'SYSTEM.SELECTION.EVALUATION.QUEUE': system(),
  'SYSTEM.SELECTION.VALIDATION.QUEUE': system(),
};
