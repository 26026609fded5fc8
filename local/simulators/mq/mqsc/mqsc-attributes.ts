import { monitoringOf, reportedDepth, type Queue, type QueueManager } from '../model.ts';
import type { MqscAttributes, MqscContext, MqscValue } from './mqsc-context.ts';
import { ageAttribute, dateAttribute, queueTimeAttribute, uncommittedAttribute } from './monitored-values.ts';

const TYPES = { local: 'QLOCAL', alias: 'QALIAS', remote: 'QREMOTE', model: 'QMODEL' } as const;
const enabled = (inhibited: boolean): string => (inhibited ? 'DISABLED' : 'ENABLED');
const onlyOn =
  (types: readonly Queue['type'][], value: (queue: Queue) => MqscValue) =>
  (queue: Queue): MqscValue =>
    types.includes(queue.type) ? value(queue) : undefined;
const local = (value: (queue: Queue) => MqscValue) => onlyOn(['local'], value);
const stored = (value: (queue: Queue) => MqscValue) => onlyOn(['local', 'model'], value);

/** `DISPLAY QUEUE` and its kinds. `queue` and `type` are always shown. */
export const QUEUE_ATTRIBUTES: MqscAttributes<Queue> = {
  queue: ({ name }) => name,
  type: ({ type }) => TYPES[type],
  descr: ({ description }) => description,
  curdepth: local(reportedDepth),
  maxdepth: stored(({ maximumDepth }) => maximumDepth),
  maxmsgl: stored(() => 4_194_304),
  get: onlyOn(['local', 'model', 'alias'], ({ inhibitGet }) => enabled(inhibitGet)),
  put: ({ inhibitPut }) => enabled(inhibitPut),
  ipprocs: local(({ inputHandles }) => inputHandles),
  opprocs: local(({ outputHandles }) => outputHandles),
  usage: stored(({ isTransmissionQueue }) => (isTransmissionQueue ? 'XMITQ' : 'NORMAL')),
  deftype: stored((queue) => definitionType(queue)),
  monq: stored(({ monq }) => monq.toUpperCase()),
  target: onlyOn(['alias'], ({ targetName }) => targetName),
  targtype: onlyOn(['alias'], () => 'QUEUE'),
  rname: onlyOn(['remote'], ({ remoteQueue }) => remoteQueue),
  rqmname: onlyOn(['remote'], ({ remoteQueueManager }) => remoteQueueManager),
  qsgdisp: disposition,
};

/** `DISPLAY QSTATUS TYPE(QUEUE)`. */
export const STATUS_ATTRIBUTES: MqscAttributes<Queue> = {
  queue: ({ name }) => name,
  type: () => 'QUEUE',
  qsgdisp: disposition,
  curdepth: reportedDepth,
  ipprocs: ({ inputHandles }) => inputHandles,
  opprocs: ({ outputHandles }) => outputHandles,
  uncom: uncommittedAttribute,
  msgage: ageAttribute,
  qtime: queueTimeAttribute,
  lgetdate: (queue, context) => dateAttribute(queue, queue.lastGetAtMs, 'date', context),
  lgettime: (queue, context) => dateAttribute(queue, queue.lastGetAtMs, 'time', context),
  lputdate: (queue, context) => dateAttribute(queue, queue.lastPutAtMs, 'date', context),
  lputtime: (queue, context) => dateAttribute(queue, queue.lastPutAtMs, 'time', context),
  monq: (queue, { qmgr }) => monitoringOf(qmgr, queue).toUpperCase(),
  curfsize: () => 1,
  curmaxfs: () => 2_088_960,
  medialog: () => '',
};

/** `DISPLAY QMGR`. */
export const QUEUE_MANAGER_ATTRIBUTES: MqscAttributes<QueueManager> = {
  qmname: ({ name }) => name,
  descr: () => '',
  platform: ({ platform }) => (platform === 'zos' ? 'ZOS' : 'UNIX'),
  cmdlevel: ({ versionLevel }) => commandLevel(versionLevel),
  version: ({ versionLevel }) =>
    versionLevel
      .split('.')
      .map((part) => part.padStart(2, '0'))
      .join('')
      .padEnd(8, '0'),
  monq: ({ monq }) => monq.toUpperCase(),
  deadq: () => 'DEV.DEAD.LETTER.QUEUE',
};

function disposition({ shared }: Queue, { qmgr }: MqscContext): MqscValue {
  if (qmgr.platform !== 'zos') return undefined;
  return shared ? 'SHARED' : 'QMGR';
}

function definitionType({ dynamicType, type }: Queue): string {
  if (dynamicType === undefined && type === 'local') return 'PREDEFINED';
  return dynamicType === 'permanentDynamic' ? 'PERMDYN' : 'TEMPDYN';
}

function commandLevel(versionLevel: string): number {
  const [version = '9', release = '0', modification = '0'] = versionLevel.split('.');
  return Number(version) * 100 + Number(release) * 10 + Number(modification);
}
