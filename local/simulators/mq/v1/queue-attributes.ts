import { monitoringOf, reportedDepth, type Queue, type QueueManager } from '../model.ts';
import type { RestExchange } from '../rest/rest-exchange.ts';

export type AttributeValue = string | number | boolean;

/** What attributes depend on beside the queue. */
export interface AttributeContext {
  readonly qmgr: Pick<QueueManager, 'monq'>;
  readonly exchange: Pick<RestExchange, 'switches' | 'nowMs' | 'distortion'>;
}

/** What is not known, as the switch `unknownAs` has it. Undefined: the attribute is left out. */
type Shown = AttributeValue | null | undefined | Readonly<Record<string, number>>;
type Read = (queue: Queue, context: AttributeContext) => Shown;

const AGE_SECONDS_MAX = 999_999_999;

/** The attributes that can be asked for (`attributes=`, `status=`). Those of `status` exist on local queues only. */
const ATTRIBUTES: Readonly<Record<string, Read>> = {
  'general.description': (queue) => queue.description,
  'general.inhibitGet': (queue) => queue.inhibitGet,
  'general.inhibitPut': (queue) => queue.inhibitPut,
  'general.isTransmissionQueue': (queue) => queue.isTransmissionQueue,
  'storage.maximumDepth': (queue) => queue.maximumDepth,
  'status.currentDepth': reportedDepth,
  'status.lastGet': (queue, context) => timeOf(queue, queue.lastGetAtMs, context),
  'status.lastPut': (queue, context) => timeOf(queue, queue.lastPutAtMs, context),
  'status.mediaRecoveryLogExtent': () => '',
  'status.monitoringRate': (queue, { qmgr }) => monitoringOf(qmgr, queue),
  'status.oldestMessageAge': ageOf,
  'status.onQueueTime': (queue, context) =>
    isMonitored(queue, context)
      ? { longSamplePeriod: 3275, shortSamplePeriod: 3275 }
      : unknown(context, { longSamplePeriod: -1, shortSamplePeriod: -1 }),
  'status.openInputCount': (queue) => queue.inputHandles,
  'status.openOutputCount': (queue) => queue.outputHandles,
  'status.uncommittedMessages': (queue) => queue.uncommittedPuts + queue.uncommittedGets,
};

const isStatus = (attribute: string): boolean => attribute.startsWith('status.');

/** The names that `attributes=` takes, or those that `status=` takes. */
export function attributeNames(of: 'attributes' | 'status'): readonly string[] {
  return Object.keys(ATTRIBUTES).filter((name) => isStatus(name) === (of === 'status'));
}

/** One attribute's value; undefined when it is not on a queue of this type, or not known and left out. */
export function attributeOf(queue: Queue, attribute: string, context: AttributeContext): Shown {
  if (isStatus(attribute) && queue.type !== 'local') return undefined;
  return ATTRIBUTES[attribute]?.(queue, context);
}

/** A queue as the REST API shows it: name, type, what its type brings, and the attributes that were asked for. */
export function describeQueue(
  queue: Queue,
  attributes: readonly string[],
  context: AttributeContext,
): Readonly<Record<string, unknown>> {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const attribute of attributes) {
    const [group = '', name = ''] = attribute.split('.', 2);
    const value = attributeOf(queue, attribute, context);
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

function ageOf(queue: Queue, context: AttributeContext): Shown {
  if (!isMonitored(queue, context)) return unknown(context, -1);
  if (queue.oldestPutAtMs === undefined) return 0;
  const seconds = Math.floor((context.exchange.nowMs - queue.oldestPutAtMs) / 1000);
  return Math.min(Math.max(seconds, 0), AGE_SECONDS_MAX);
}

function timeOf(queue: Queue, atMs: number | undefined, context: AttributeContext): Shown {
  if (!isMonitored(queue, context) || atMs === undefined) return unknown(context, '');
  return new Date(atMs + (context.exchange.distortion.clockShiftMs ?? 0)).toISOString();
}

function isMonitored(queue: Queue, { qmgr }: AttributeContext): boolean {
  return monitoringOf(qmgr, queue) !== 'off';
}

function unknown<T extends Shown>({ exchange }: AttributeContext, sentinel: T): T | null | undefined {
  const { unknownAs } = exchange.switches;
  if (unknownAs === 'sentinel') return sentinel;
  return unknownAs === 'null' ? null : undefined;
}
