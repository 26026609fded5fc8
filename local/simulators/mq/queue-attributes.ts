import type { Queue } from './model.ts';

export type AttributeValue = string | number | boolean;

const NOT_MONITORED = { timestamp: '', age: -1 } as const;

/**
 * The attributes that can be asked for (`attributes=`, `status=`) and filtered by. Those of `status` exist on local
 * queues only. Monitoring is off, so ages and times are unknown, and unknown is `-1` or blank.
 */
const ATTRIBUTES: Readonly<Record<string, (queue: Queue) => AttributeValue>> = {
  'general.description': (queue) => queue.description,
  'general.inhibitGet': () => false,
  'general.inhibitPut': () => false,
  'general.isTransmissionQueue': (queue) => queue.isTransmissionQueue,
  'storage.maximumDepth': (queue) => queue.maximumDepth,
  'status.currentDepth': (queue) => queue.depth,
  'status.lastGet': () => NOT_MONITORED.timestamp,
  'status.lastPut': () => NOT_MONITORED.timestamp,
  'status.mediaRecoveryLogExtent': () => '',
  'status.monitoringRate': () => 'off',
  'status.oldestMessageAge': () => NOT_MONITORED.age,
  'status.openInputCount': () => 0,
  'status.openOutputCount': () => 0,
  'status.uncommittedMessages': () => 0,
};

const isStatus = (attribute: string): boolean => attribute.startsWith('status.');

/** The names that `attributes=` takes, or those that `status=` takes. */
export function attributeNames(of: 'attributes' | 'status'): readonly string[] {
  return Object.keys(ATTRIBUTES).filter((name) => isStatus(name) === (of === 'status'));
}

/** One attribute's value; undefined when there is no such attribute, or not on a queue of this type. */
export function attributeOf(queue: Queue, attribute: string): AttributeValue | undefined {
  if (isStatus(attribute) && queue.type !== 'local') return undefined;
  return ATTRIBUTES[attribute]?.(queue);
}

/** A queue as the REST API shows it: name, type, what its type brings, and the attributes that were asked for. */
export function describeQueue(
  queue: Queue,
  attributes: readonly string[],
): Readonly<Record<string, unknown>> {
  const groups: Record<string, Record<string, AttributeValue>> = {};
  for (const attribute of attributes) {
    const [group = '', name = ''] = attribute.split('.', 2);
    const value = attributeOf(queue, attribute);
    if (value !== undefined) groups[group] = { ...groups[group], [name]: value };
  }
  return { name: queue.name, type: queue.type, ...ofType(queue), ...groups };
}

function ofType(queue: Queue): Readonly<Record<string, unknown>> {
  switch (queue.type) {
    case 'local':
      return queue.dynamicType === undefined ? {} : { dynamic: { type: queue.dynamicType } };
    case 'alias':
      return { alias: { targetName: queue.targetName } };
    case 'remote':
      return { remote: { queueName: queue.remoteQueue, qmgrName: queue.remoteQueueManager } };
    case 'model':
      return { model: { type: queue.dynamicType ?? 'temporaryDynamic' } };
  }
}
