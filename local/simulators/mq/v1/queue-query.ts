import type { Queue, QueueManager } from '../model.ts';
import { listAnswer, type RestAnswer } from '../rest/rest-answer.ts';
import { badParameter, queueDamaged, queueNotAuthorised, unknownQueue } from '../rest/rest-errors.ts';
import type { RestExchange } from '../rest/rest-exchange.ts';
import { maySee } from '../users.ts';
import { attributeNames, describeQueue } from './queue-attributes.ts';
import { nameMatcher } from './queue-name-parameter.ts';
import { parseFilter, type QueueFilter } from './queue-filter.ts';

const TYPES = ['all', 'local', 'alias', 'remote', 'cluster', 'model'];
/** The last three are taken and have no effect here. */
const PARAMETERS = new Set([
  'type',
  'status',
  'attributes',
  'name',
  'filter',
  'applicationHandle',
  'commandScope',
  'queueSharingGroupDisposition',
]);
const GATEWAY = 'ibm-mq-rest-gateway-qmgr';

/** Answers `GET …/queue` (no `queueName`) and `GET …/queue/{queueName}` of a queue manager that runs. */
export function answerQueueQuery(
  qmgr: QueueManager,
  queueName: string | undefined,
  exchange: RestExchange,
): RestAnswer {
  const { query } = exchange;
  const unknown = [...query.keys()].find((parameter) => !PARAMETERS.has(parameter));
  if (unknown !== undefined) return badParameter(unknown, 'it is not known');
  const attributes = selected(query, 'attributes');
  if (attributes === undefined)
    return badParameter('attributes', 'it names an attribute that does not exist');
  const status = selected(query, 'status');
  if (status === undefined) return badParameter('status', 'it names an attribute that does not exist');
  const shown = [...attributes, ...status];
  return queueName === undefined
    ? collection(qmgr, exchange, shown)
    : single(qmgr, queueName, exchange, shown);
}

function single(
  qmgr: QueueManager,
  queueName: string,
  exchange: RestExchange,
  shown: readonly string[],
): RestAnswer {
  if (exchange.query.has('name') && exchange.switches.nameOnOneQueue === 'refused')
    return badParameter('name', 'a queue is named in the path');
  const queue = qmgr.queues.find(({ name }) => name === queueName);
  if (queue === undefined) return unknownQueue(queueName, exchange.switches);
  if (!maySee(exchange.user, queueName)) return queueNotAuthorised(queueName, exchange.user.name);
  if (isDamaged(queue, exchange)) return queueDamaged();
  return listAnswer(200, 'queue', [describeQueue(queue, shown, { qmgr, exchange })]);
}

function collection(qmgr: QueueManager, exchange: RestExchange, shown: readonly string[]): RestAnswer {
  const { query, switches, user } = exchange;
  const type = query.get('type') ?? 'all';
  if (!TYPES.includes(type)) return badParameter('type', `'${type}' is none of ${TYPES.join(', ')}`);
  const hasName = nameMatcher(query.get('name') ?? '*', switches);
  if (hasName === undefined) return badParameter('name', 'a * stands at its end only');
  const filter = filterOf(exchange);
  if (filter?.kind === 'bad') return badParameter('filter', filter.why);

  const context = { qmgr, exchange };
  const found = qmgr.queues.filter(
    (queue) =>
      (type === 'all' || queue.type === type) &&
      hasName(queue.name) &&
      (filter === undefined || filter.matches(queue, context)),
  );
  const hidden = found.find(({ name }) => !maySee(user, name));
  if (hidden !== undefined && switches.mqWebUserList === 'fails')
    return queueNotAuthorised(hidden.name, user.name);
  const isWhole = (queue: Queue): boolean => !isDamaged(queue, exchange);
  if (switches.damagedInV1 === 'fails' && !found.every(isWhole)) return queueDamaged();
  const visible = found.filter((queue) => isWhole(queue) && maySee(user, queue.name));
  return listAnswer(
    200,
    'queue',
    visible.map((queue) => describeQueue(queue, shown, context)),
  );
}

function filterOf({ query, switches, headers, distortion }: RestExchange): QueueFilter | undefined {
  const text = query.get('filter');
  if (text === null) return undefined;
  if (distortion.refusesFilter === true) return { kind: 'bad', why: 'it cannot be used here' };
  const isRefused =
    switches.statusFilter === 'refused' ||
    (switches.statusFilter === 'refusedThroughGateway' && headers[GATEWAY] !== undefined);
  return isRefused && text.startsWith('status.')
    ? { kind: 'bad', why: 'an attribute of status cannot be filtered by' }
    : parseFilter(text);
}

function isDamaged({ name, damaged }: Queue, { distortion }: RestExchange): boolean {
  return damaged || distortion.damagedQueue === name;
}

/** The attributes that `attributes=` or `status=` selects: `*`, groups and `group.attribute`; undefined when one is wrong. */
function selected(query: URLSearchParams, parameter: 'attributes' | 'status'): readonly string[] | undefined {
  const text = query.get(parameter);
  if (text === null) return [];
  const names = attributeNames(parameter);
  const groups = text
    .split(',')
    .map((item) => names.filter((name) => item === '*' || name === item || name.startsWith(`${item}.`)));
  return groups.some((group) => group.length === 0) ? undefined : groups.flat();
}
